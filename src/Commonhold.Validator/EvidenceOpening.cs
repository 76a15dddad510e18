using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.Verdicts;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Validator;

/// <summary>Opens the evidence that came with a contribution and lets the ladder say how far it reaches; wipes it.</summary>
/// <remarks>Trusts the member's signature alone for which evidence it is: other bytes, or none, are the node's fault and make the
/// contribution wait. What cannot be opened or read is the member's, and a refusal.</remarks>
internal sealed class EvidenceOpening(ValidatorKey key, OwnershipLadder ladder, TimeProvider time)
{
    public async Task<OwnershipOutcome> OpenAsync(
        WorkItem item, ExportReading reading, DaoInfo dao, ContributionPolicy policy, CheckList checks, CancellationToken cancellationToken)
    {
        SignedContribution terms = item.Contribution;
        if (EvidenceBundle.DigestOf(item.Evidence) != terms.EvidenceDigest)
            throw new CommonholdException(
                new Refusal("evidence.withheld", $"The node does not hand out the evidence {terms.EvidenceDigest} that was signed with {terms.CiphertextDigest}."), isTransient: true);
        Result<EvidenceBundle> opened = item.Evidence is { } file
            ? EvidenceBundle.Open(file, terms.EvidenceDigest, terms.CiphertextDigest, key.Identity)
            : EvidenceBundle.None(terms.CiphertextDigest);
        if (!opened.TryGet(out EvidenceBundle? bundle, out Refusal? unreadable))
        {
            checks.Fail("evidence", unreadable);
            return OwnershipOutcome.Unreadable(unreadable);
        }

        using (bundle)
        {
            OwnershipOutcome outcome = await ladder.ClimbAsync(
                new ProofContext(reading.Account, reading, terms, dao.RegistryDomain, bundle, policy, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            checks.Add(outcome.Results.Select(r => r.ToCheck()));
            return outcome;
        }
    }
}
