using Commonhold.Age;
using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Age;

/// <summary>One run of `commonhold age keygen`.</summary>
internal static class KeygenJob
{
    public static async Task<int> GenerateAsync(string? output, CliContext context)
    {
        using var identity = X25519Identity.Generate();
        var text = KeyFile.Write(identity, context.Time.GetLocalNow());
        if (output is null or "-")
        {
            await context.Output.WriteAsync(text);
            if (Console.IsOutputRedirected) await context.Error.WriteLineAsync($"Public key: {identity.Recipient}");
            return ExitCode.Ok;
        }

        if (File.Exists(output)) throw new CommandFailedException($"{output} exists already; a key is never overwritten", "-o OTHER");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var writer = new StreamWriter(output, options)) await writer.WriteAsync(text);
        await context.Error.WriteLineAsync($"Public key: {identity.Recipient}");
        return ExitCode.Ok;
    }

    public static async Task<int> ConvertAsync(string? input, string? output, CliContext context)
    {
        using var reader = new StreamReader(AgeInput.Open(input, output));
        var lines = new List<string>();
        foreach (var identity in KeyFile.ReadIdentities(reader))
        {
            lines.Add(identity.Recipient.ToString());
            identity.Dispose();
        }

        if (output is null or "-")
        {
            foreach (var line in lines) await context.Output.WriteLineAsync(line);
        }
        else
        {
            await File.WriteAllLinesAsync(output, lines);
        }

        return ExitCode.Ok;
    }
}
