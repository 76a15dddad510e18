using Commonhold.Ethereum;

namespace Commonhold.Client.Contracts;

/// <summary>The committed ABIs and creation codes, so that nobody needs forge to run Commonhold.</summary>
internal static class Artifacts
{
    public static ContractArtifact Load(string contract)
    {
        using Stream stream = typeof(Artifacts).Assembly.GetManifestResourceStream($"Contracts/{contract}.json")
            ?? throw new InvalidOperationException($"The artifact of {contract} is not embedded.");
        using StreamReader reader = new(stream);
        return ContractArtifact.Parse(reader.ReadToEnd());
    }
}
