using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Server.Governance;
using Commonhold.Server.Indexer;

namespace Commonhold.Server.Catalogue;

/// <summary>What the dataset's files hold: by the program's own knowledge of the schema, or as the policy in force describes it.</summary>
internal sealed class DatasetFormat(ChainState chain, PolicyShelf policies)
{
    private const int SampleRows = 3;
    private volatile Described? _last;

    /// <returns>Null while the node knows neither the schema nor the policy that describes it.</returns>
    public async Task<Described?> FindAsync(CancellationToken cancellationToken)
    {
        if (chain.Current?.Parties.PolicyDigest is not { } digest)
            return null;
        if (_last is { } last && last.Policy == digest)
            return last;
        await using var file = await policies.OpenAsync(digest, cancellationToken);
        if (file is null)
            return null;
        using var json = new MemoryStream();
        await file.CopyToAsync(json, cancellationToken);
        if (!ContributionPolicy.Parse(json.ToArray(), digest).TryGet(out var policy, out _) || !PolicyFormat.Of(policy).TryGet(out var format, out _))
            return null;
        return _last = new Described(digest, format.Title, format.PlaceWord, format.Describe(), format.SampleTables(new SampleOptions(Seed: 1, Account: 0, Rows: 40), SampleRows));
    }

    /// <param name="Samples">Made up, and cleaned as a member's export is.</param>
    internal sealed record Described(Bytes32 Policy, string Title, string PlaceWord, FormatDescription Format, IReadOnlyList<TableSample> Samples);
}
