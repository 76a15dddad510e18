using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Governance;

/// <summary>The policy documents that this node can show: the one in force, those before it, those that are proposed.</summary>
/// <remarks>Guarantee: a document goes by its digest, so nobody is shown another one than the chain names. Trust: nobody; a document is
/// taken from anybody, but only when the registry or a proposal names its digest, so that strangers cannot fill the disk.</remarks>
internal sealed class PolicyShelf(IBlobStore store, ChainState chain, Database database, NodeOptions options)
{
    /// <summary>Puts the composer's own documents on the shelf.</summary>
    public async Task StockAsync(CancellationToken cancellationToken)
    {
        foreach (var json in options.Policies)
            await store.WriteAsync(NameOf(ContributionPolicy.DigestOf(json.Span)), json, cancellationToken);
    }

    public async Task<Refusal?> PutAsync(Bytes32 digest, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (ContributionPolicy.Parse(json.Span, digest).Refusal is { } refusal)
            return refusal;
        if (await store.ExistsAsync(NameOf(digest), cancellationToken))
            return null;
        if (!chain.Read().TryGet(out var snapshot, out var notReady))
            return notReady;
        if (snapshot.Parties.PolicyDigest != digest && !await IsProposedAsync(digest, cancellationToken))
            return new Refusal("policy.not_proposed", $"Neither the registry nor a proposal names the policy {digest}.", "Propose it first: commonhold propose policy FILE");
        await store.WriteAsync(NameOf(digest), json, cancellationToken);
        return null;
    }

    public Task<Stream?> OpenAsync(Bytes32 digest, CancellationToken cancellationToken) => store.OpenAsync(NameOf(digest), cancellationToken);

    private async Task<bool> IsProposedAsync(Bytes32 digest, CancellationToken cancellationToken) => await database.FindAsync<long>(
        "SELECT COUNT(*) FROM proposals WHERE actions LIKE @digest", new { digest = $"%{digest.ToString()[2..]}%" }, cancellationToken) > 0;

    private static BlobName NameOf(Bytes32 digest) => BlobName.OfRecord("policies", digest);
}
