using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>A node over HTTP (protocol.md §5, §7).</summary>
/// <remarks>Trusts nothing it is told: answers are bounded, blobs are proved by their digest, manifests are compared with the
/// chain by whoever uses them. Repeats calls only where a repetition changes nothing.</remarks>
public sealed class NodeClient : INodeClient
{
    private readonly WireHttp _wire;
    private readonly BlobTransfer _blobs;

    /// <param name="http">Its base address is the node's.</param>
    public NodeClient(HttpClient http, HttpLimits? limits = null, TimeProvider? time = null)
    {
        if (http.BaseAddress is null)
            throw new ArgumentException("The client needs the node's base address.", nameof(http));

        _wire = new WireHttp(http, limits ?? new HttpLimits(), time ?? TimeProvider.System);
        _blobs = new BlobTransfer(_wire);
    }

    /// <summary>An HTTP client as nodes and guardians want it: no redirects, no time-out but our own.</summary>
    public static HttpClient CreateHttp(Uri address) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    })
    {
        BaseAddress = address,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public Task<DaoInfo> GetDaoAsync(CancellationToken cancellationToken) =>
        _wire.GetAsync("v1/dao", WireJson.Default.DaoInfo, cancellationToken);

    public async Task<ContributionPolicy> GetPolicyAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        ContributionPolicy.Parse(await GetBytesAsync($"v1/policies/{digest}", ContributionPolicy.MaxBytes, cancellationToken).ConfigureAwait(false), digest).Value;

    /// <summary>Gives the node the text of a request's purpose, so that it can show it to everybody.</summary>
    public Task PutPurposeAsync(string purpose, CancellationToken cancellationToken)
    {
        byte[] text = Encoding.UTF8.GetBytes(purpose);
        return _wire.Retry.RunAsync(true, token => _wire.ExchangeAsync(
            new HttpRequestMessage(HttpMethod.Put, $"v1/purposes/{Bytes32.FromSpan(SHA256.HashData(text))}")
            {
                Content = new ByteArrayContent(text) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") { CharSet = "utf-8" } } },
            },
            _ => Task.FromResult(true), token), cancellationToken);
    }

    /// <summary>Gives the node a policy that is in force or proposed, so that it can show it to everybody.</summary>
    public Task PutPolicyAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => _wire.Retry.RunAsync(true, token => _wire.ExchangeAsync(
        new HttpRequestMessage(HttpMethod.Put, $"v1/policies/{ContributionPolicy.DigestOf(json.Span)}")
        {
            Content = new ReadOnlyMemoryContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        },
        _ => Task.FromResult(true), token), cancellationToken);

    public Task UploadAsync(Bytes32 digest, Stream content, IProgress<long>? progress, CancellationToken cancellationToken) =>
        _blobs.UploadAsync(digest, content, progress, cancellationToken);

    // The digest makes it idempotent: the same submission twice is one contribution.
    public Task SubmitAsync(ContributionSubmission submission, CancellationToken cancellationToken) =>
        _wire.SendAsync(HttpMethod.Post, "v1/contributions", submission, WireJson.Default.ContributionSubmission, cancellationToken);

    public async Task<ContributionStatus?> GetContributionAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        try
        {
            return await _wire.GetAsync($"v1/contributions/{digest}", WireJson.Default.ContributionStatus, cancellationToken).ConfigureAwait(false);
        }
        catch (ServerRefusalException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task<IReadOnlyList<ContributionStatus>> ListContributionsAsync(Address owner, CancellationToken cancellationToken) =>
        _wire.GetAsync($"v1/contributions?owner={owner}", WireJson.Default.IReadOnlyListContributionStatus, cancellationToken);

    public async Task<byte[]?> GetExplanationAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        try
        {
            return await GetBytesAsync($"v1/contributions/{digest}/explanation", ValueExplanation.MaxBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (ServerRefusalException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task<ContributionProof> GetProofAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        _wire.GetAsync($"v1/contributions/{digest}/proof", WireJson.Default.ContributionProof, cancellationToken);

    public Task DownloadBlobAsync(Bytes32 digest, Stream destination, long maxBytes, CancellationToken cancellationToken) =>
        _blobs.DownloadAsync(digest, destination, maxBytes, cancellationToken);

    public Task<IReadOnlyList<BatchInfo>> ListBatchesAsync(BatchId from, CancellationToken cancellationToken) =>
        _wire.GetAsync($"v1/batches?from={from}", WireJson.Default.IReadOnlyListBatchInfo, cancellationToken);

    public Task<Result<BatchManifest>> GetManifestAsync(BatchId batchId, CancellationToken cancellationToken) =>
        _wire.Retry.RunAsync(true, token => _wire.ExchangeAsync(
            new HttpRequestMessage(HttpMethod.Get, $"v1/batches/{batchId}/manifest"),
            async response =>
            {
                await using Stream body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
                return await BatchManifest.ReadAsync(body, cancellationToken: token).ConfigureAwait(false);
            },
            token,
            _wire.Limits.TransferStall), cancellationToken);

    public Task<RewardStatus> GetRewardsAsync(Address account, CancellationToken cancellationToken) =>
        _wire.GetAsync($"v1/rewards/{account}", WireJson.Default.RewardStatus, cancellationToken);

    // A vote, a claim and a withdrawal can happen only once on chain, so asking twice costs the relayer gas at most; still the
    // client does not repeat what it cannot see.
    public Task<RelayReceipt> RelayVoteAsync(RelayVote vote, CancellationToken cancellationToken) =>
        _wire.SendOnceAsync(HttpMethod.Post, "v1/relay/votes", vote, WireJson.Default.RelayVote, WireJson.Default.RelayReceipt, cancellationToken);

    public Task<RelayReceipt> RelayDelegationAsync(RelayDelegation delegation, CancellationToken cancellationToken) =>
        _wire.SendOnceAsync(HttpMethod.Post, "v1/relay/delegations", delegation, WireJson.Default.RelayDelegation, WireJson.Default.RelayReceipt, cancellationToken);

    /// <summary>Asks the relayer to queue or to execute a proposal, whichever is due.</summary>
    /// <exception cref="CommonholdException"><c>proposal.not_due</c>.</exception>
    public Task<ProposalStep> CarryOutAsync(BigInteger id, CancellationToken cancellationToken) => _wire.SendOnceAsync(
        HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"v1/relay/proposals/{id}/steps"), new ProposalStepWish(), WireJson.Default.ProposalStepWish,
        WireJson.Default.ProposalStep, cancellationToken);

    public Task<VotingPower> GetVotingPowerAsync(Address account, CancellationToken cancellationToken) =>
        _wire.GetAsync($"v1/voting-power/{account}", WireJson.Default.VotingPower, cancellationToken);

    public Task<RelayReceipt> RelayClaimsAsync(IReadOnlyList<Address> accounts, CancellationToken cancellationToken) =>
        _wire.SendOnceAsync(HttpMethod.Post, "v1/relay/claims", new RelayClaims(accounts), WireJson.Default.RelayClaims, WireJson.Default.RelayReceipt, cancellationToken);

    public Task<RelayReceipt> RelayRevenueClaimAsync(RelayRevenueClaim claim, CancellationToken cancellationToken) =>
        _wire.SendOnceAsync(HttpMethod.Post, "v1/relay/revenue-claims", claim, WireJson.Default.RelayRevenueClaim, WireJson.Default.RelayReceipt, cancellationToken);

    public Task<RelayReceipt> RelayWithdrawalAsync(RelayWithdrawal withdrawal, CancellationToken cancellationToken) =>
        _wire.SendOnceAsync(HttpMethod.Post, "v1/relay/withdrawals", withdrawal, WireJson.Default.RelayWithdrawal, WireJson.Default.RelayReceipt, cancellationToken);

    public Task<RelayStatus> GetRelayAsync(string id, CancellationToken cancellationToken) =>
        _wire.GetAsync($"v1/relay/{Uri.EscapeDataString(id)}", WireJson.Default.RelayStatus, cancellationToken);

    public Task PutCeremonyMessageAsync(uint epoch, byte round, uint guardian, CeremonyPut message, CancellationToken cancellationToken) =>
        _wire.SendAsync(HttpMethod.Put, $"v1/ceremonies/{epoch}/{round}/{guardian}", message, WireJson.Default.CeremonyPut, cancellationToken);

    public Task<IReadOnlyList<CeremonyPost>> GetCeremonyMessagesAsync(uint epoch, byte round, CancellationToken cancellationToken) =>
        _wire.GetAsync($"v1/ceremonies/{epoch}/{round}", WireJson.Default.IReadOnlyListCeremonyPost, cancellationToken);

    /// <summary>Every request, or every one that became a grant, by number.</summary>
    public Task<IReadOnlyList<RequestView>> ListRequestsAsync(bool grantsOnly, CancellationToken cancellationToken) => PagesAsync(
        (RequestView? last) => string.Create(CultureInfo.InvariantCulture, $"v1/{(grantsOnly ? "grants" : "requests")}?limit={PageSize}&from={last?.RequestId.Value + 1 ?? 0}"),
        WireJson.Default.IReadOnlyListRequestView, cancellationToken);

    /// <exception cref="CommonholdException"><c>grant.unknown</c>.</exception>
    public Task<RequestView> GetRequestAsync(GrantId id, CancellationToken cancellationToken) =>
        _wire.GetAsync($"v1/requests/{id}", WireJson.Default.RequestView, cancellationToken);

    /// <summary>The newest proposals first.</summary>
    /// <param name="most">The newest 50 at most.</param>
    public Task<IReadOnlyList<ProposalView>> ListProposalsAsync(int most, CancellationToken cancellationToken) =>
        _wire.GetAsync(string.Create(CultureInfo.InvariantCulture, $"v1/proposals?limit={most}"), WireJson.Default.IReadOnlyListProposalView, cancellationToken);

    /// <exception cref="CommonholdException"><c>proposal.unknown</c>.</exception>
    public Task<ProposalView> GetProposalAsync(BigInteger id, CancellationToken cancellationToken) =>
        _wire.GetAsync(string.Create(CultureInfo.InvariantCulture, $"v1/proposals/{id}"), WireJson.Default.ProposalView, cancellationToken);

    /// <summary>Every payment to the holders, by number.</summary>
    public Task<IReadOnlyList<DistributionView>> ListDistributionsAsync(CancellationToken cancellationToken) => PagesAsync(
        (DistributionView? last) => string.Create(CultureInfo.InvariantCulture, $"v1/distributions?limit={PageSize}&from={last?.DistributionId + 1 ?? 0}"),
        WireJson.Default.IReadOnlyListDistributionView, cancellationToken);

    /// <summary>What an account can claim now, by distribution.</summary>
    /// <param name="currency">In this one; null for all that the node takes for money, because a vote or its operator let them in.</param>
    public Task<IReadOnlyList<ClaimableView>> GetClaimableAsync(Address account, Address? currency, CancellationToken cancellationToken) => PagesAsync(
        (ClaimableView? last) => string.Create(CultureInfo.InvariantCulture, $"v1/revenue/{account}?from={last?.DistributionId + 1 ?? 0}{(currency is { } one ? $"&currency={one}" : "")}"),
        WireJson.Default.IReadOnlyListClaimableView, cancellationToken);

    /// <summary>Coins and test currency, on a trial node.</summary>
    public Task<FaucetReceipt> VisitFaucetAsync(Address account, CancellationToken cancellationToken) =>
        _wire.SendOnceAsync(HttpMethod.Post, "v1/trial/faucet", new FaucetWish(account), WireJson.Default.FaucetWish, WireJson.Default.FaucetReceipt, cancellationToken);

    private const int PageSize = 200;

    private Task<byte[]> GetBytesAsync(string path, long most, CancellationToken cancellationToken) => _wire.Retry.RunAsync(true, token => _wire.ExchangeAsync(
        new HttpRequestMessage(HttpMethod.Get, path), response => WireHttp.ReadBytesAsync(response, most, token), token), cancellationToken);

    private async Task<IReadOnlyList<T>> PagesAsync<T>(Func<T?, string> path, JsonTypeInfo<IReadOnlyList<T>> type, CancellationToken cancellationToken)
        where T : class
    {
        var all = new List<T>();
        while (true)
        {
            IReadOnlyList<T> page = await _wire.GetAsync(path(all.LastOrDefault()), type, cancellationToken).ConfigureAwait(false);
            all.AddRange(page);
            if (page.Count < PageSize)
                return all;
        }
    }
}
