using System.Collections.Concurrent;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>What every proof that goes out has in common: where it may go, and what follows when nobody answers there.</summary>
/// <remarks>Evidence that a host contradicts fails. Evidence that could not be looked at is not checked, which is no fault of the
/// member: for a while the contribution waits, since hosts come back, and then it goes on without.</remarks>
internal abstract class OnlineProof(EvidenceFetcher fetcher, EvidenceOptions options, string type) : IOwnershipProof
{
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<Bytes32, DateTimeOffset> _waiting = new();
    private readonly ConcurrentDictionary<Bytes32, ProofResult> _passed = new();

    public string Type => type;

    protected string Name { get; } = ProofResult.NameOf(type);

    protected EvidenceFetcher Fetcher => fetcher;

    protected EvidenceOptions Options => options;

    /// <summary>False for what serves once: what failed half way cannot be tried again.</summary>
    protected virtual bool IsRepeatable => true;

    public async Task<ProofResult> VerifyAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken)
    {
        // Owner, file and evidence: a contribution that waits for something else comes again, and a one-time code would be spent by then.
        Bytes32 contribution = context.Terms.StructHash();
        if (_passed.TryGetValue(contribution, out ProofResult? earlier))
            return earlier;
        try
        {
            ProofResult result = await CheckAsync(item, context, cancellationToken).ConfigureAwait(false);
            _waiting.TryRemove(contribution, out _);
            if (result.Outcome == CheckOutcome.Passed)
                Bounded(_passed)[contribution] = result;
            return result;
        }
        catch (FetchFailedException e) when (!e.IsTransient || !IsRepeatable || IsOutOfPatience(contribution, context.Now))
        {
            _waiting.TryRemove(contribution, out _);
            return NotChecked(e.Refusal!.Code, e.Refusal.Detail);
        }
    }

    /// <exception cref="FetchFailedException">It could not be looked at.</exception>
    protected abstract Task<ProofResult> CheckAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken);

    protected ProofResult NotChecked(string reason) => ProofResult.NotChecked(Name, reason);

    protected ProofResult NotChecked(string code, string detail) => NotChecked($"{code}: {detail}");

    protected ProofResult Failed(string code, string detail, string? hint = null) => ProofResult.Failed(Name, new Refusal(code, detail, hint));

    /// <summary>The host of an address of the policy, when the operator names it as well.</summary>
    protected IReadOnlyList<string> HostOf(string url) => FetchUrl.AuthorityOf(url) is { } authority ? options.Allowed(authority) : [];

    protected ProofResult NotAllowed(string url) =>
        NotChecked($"This validator's operator does not let it ask {FetchUrl.AuthorityOf(url) ?? "that host"}.");

    private bool IsOutOfPatience(Bytes32 contribution, DateTimeOffset now) =>
        now - Bounded(_waiting).GetOrAdd(contribution, now) >= TimeSpan.FromSeconds(options.PatienceSeconds);

    private static ConcurrentDictionary<Bytes32, T> Bounded<T>(ConcurrentDictionary<Bytes32, T> remembered)
    {
        if (remembered.Count >= MostRemembered)
            remembered.Clear();
        return remembered;
    }
}
