using Commonhold.Cli.Voice;
using Commonhold.Client;

namespace Commonhold.Cli.Verbs;

/// <summary>A policy document that somebody wrote, checked before its digest goes anywhere.</summary>
internal static class PolicyFile
{
    /// <summary>The bytes as they stand: their digest is what is voted on.</summary>
    public static byte[] Read(FileInfo file)
    {
        if (!file.Exists)
            throw new CommandFailedException($"there is no {file.FullName}", "commonhold dao policy prints one to start from", ExitCode.Usage);
        if (file.Length > ContributionPolicy.MaxBytes)
            throw new CommandFailedException(new Refusal("policy.too_large", $"{file.FullName} has {file.Length} bytes; a policy has at most {ContributionPolicy.MaxBytes}."));
        var json = File.ReadAllBytes(file.FullName);
        return ContributionPolicy.Parse(json).Refusal is { } refusal ? throw new CommandFailedException(refusal) : json;
    }
}
