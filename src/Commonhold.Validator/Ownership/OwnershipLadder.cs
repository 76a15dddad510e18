using Commonhold.Client;
using Commonhold.Ethereum;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Validator.Ownership;

/// <summary>How far the evidence of one contribution reaches.</summary>
/// <param name="Level">What the policy weighs most of what proofs reached; <see cref="EvidenceLevel.Structure"/> without proofs.</param>
/// <param name="Refusal">Set when evidence proved false and the policy refuses that.</param>
/// <param name="Results">One for each item, in order.</param>
internal sealed record OwnershipOutcome(EvidenceLevel Level, Finding Finding, Refusal? Refusal, IReadOnlyList<ProofResult> Results)
{
    /// <summary>Evidence that cannot be read is refused as a whole: nobody knows what it was meant to prove.</summary>
    public static OwnershipOutcome Unreadable(Refusal refusal) => new(
        EvidenceLevel.Wallet, new Finding(CheckOutcome.Failed, refusal.Detail, "Nothing.", "That the account is the contributor's."), refusal, []);

    /// <summary>Used up by the proofs that passed.</summary>
    public IReadOnlyList<Bytes32> Nullifiers => [.. Passed.Where(r => r.Nullifier is not null).Select(r => r.Nullifier!.Value).Distinct()];

    public IReadOnlyList<ClusterLink> Links => [.. Passed.SelectMany(r => r.Links).Distinct()];

    private IEnumerable<ProofResult> Passed => Results.Where(r => r.Outcome == CheckOutcome.Passed);
}

/// <summary>Runs the proofs that a bundle has, and says how far they reach.</summary>
/// <remarks>Guarantee: a level is reached by a proof that passed or not at all; evidence that nobody here can check is said to be not
/// checked; evidence that proved false is a refusal, never a lower level, where the policy says so.
/// Trust: the policy's pinned keys and hosts. The structure of the file has passed before anybody climbs.</remarks>
internal sealed class OwnershipLadder(IReadOnlyList<IOwnershipProof> proofs)
{
    public async Task<OwnershipOutcome> ClimbAsync(ProofContext context, CancellationToken cancellationToken)
    {
        List<ProofResult> results = [];
        foreach (EvidenceItem item in context.Bundle.Items)
            results.Add(await VerifyAsync(item, context, cancellationToken).ConfigureAwait(false));
        ProofResult? best = results.Where(r => r is { Outcome: CheckOutcome.Passed, Level: not null }).MaxBy(r => (context.Policy.Weights.Of(r.Level!.Value), r.Level.Value));
        ProofResult? failed = results.Find(r => r.Outcome == CheckOutcome.Failed);
        EvidenceLevel level = best?.Level ?? EvidenceLevel.Structure;
        Refusal? refusal = context.Policy.RefuseFailedProofs ? failed?.Refusal : null;
        return new OwnershipOutcome(level, Find(best, failed, refusal, level), refusal, results);
    }

    private async Task<ProofResult> VerifyAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken)
    {
        if (proofs.FirstOrDefault(p => p.Type == item.Type) is { } proof)
            return await proof.VerifyAsync(item, context, cancellationToken).ConfigureAwait(false);
        return item.IsKnown
            ? ProofResult.NotChecked(ProofResult.NameOf(item.Type), "This validator does not check such evidence.")
            : ProofResult.NotChecked(ProofResult.NameOf("unknown"), "This validator does not know such evidence.");
    }

    private static Finding Find(ProofResult? best, ProofResult? failed, Refusal? refusal, EvidenceLevel level)
    {
        Dictionary<string, string> figures = new() { ["level"] = level.Name() };
        if (refusal is not null)
            return new Finding(CheckOutcome.Failed, refusal.Detail, "Nothing.", "That the account is the contributor's.", figures);
        if (best is not null)
            return new Finding(CheckOutcome.Passed, best.Reason, best.Proves, best.DoesNotProve, figures);
        string reason = failed is null
            ? "No evidence was given that the account is the contributor's."
            : $"The evidence that was given proves nothing: {failed.Reason}";
        return new Finding(
            CheckOutcome.NotChecked, reason, "That the holder of a wallet sent a file.", "That the account is the contributor's: anybody who has the file could have sent it.", figures);
    }
}
