using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Validator.Batches;
using Commonhold.Validator.State;

namespace Commonhold.Validator.Verdicts;

/// <summary>Holds an examined contribution against everything known and the dataset's policy, values it, and signs the verdict.</summary>
/// <remarks>One contribution at a time: two files of one person must not be paid for the same rows. The verdict and all that follows from
/// it are one transaction, committed before the verdict is returned; a refusal leaves nothing behind but itself.</remarks>
internal sealed class Judge(ValidatorState state, DatasetLedger dataset, ValidatorKey key, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>The verdict that was given before, whole and with the same bytes; null when there is none about these terms.</summary>
    public VerdictSubmission? Earlier(ContributionTerms terms)
    {
        lock (_lock)
        {
            return state.FindVerdict(terms.CiphertextDigest, terms.Owner) is { } json ? Read(json) : null;
        }
    }

    public VerdictSubmission Decide(SignedContribution terms, OpenedFile file, DaoInfo dao, ContributionPolicy policy)
    {
        lock (_lock)
        {
            if (state.FindVerdict(terms.CiphertextDigest, terms.Owner) is { } earlier)
                return Read(earlier);

            Hearing hearing = new(state, dataset, terms, file, policy);
            Refusal? refusal;
            using (StateTransaction transaction = state.Begin())
            {
                refusal = hearing.Run();
                if (refusal is null)
                {
                    VerdictSubmission accepted = Write(terms, file, dao, hearing, null);
                    transaction.Commit();
                    return accepted;
                }
            }

            // Whatever was written while it was heard is gone.
            using StateTransaction last = state.Begin();
            VerdictSubmission refused = Write(terms, file, dao, hearing, refusal);
            last.Commit();
            return refused;
        }
    }

    /// <summary>Gives an accepted verdict anew when batches have paid its account meanwhile: the same rows, less by what was paid.</summary>
    /// <returns>The verdict as it is now; unchanged when nothing was paid that it did not know of.</returns>
    public VerdictSubmission Reconsider(ContributionTerms terms, DaoInfo dao)
    {
        lock (_lock)
        {
            VerdictSubmission earlier = Read(state.FindVerdict(terms.CiphertextDigest, terms.Owner)!);
            Report report = earlier.ReadReport().Value;
            Points paid = dataset.PaidTo(earlier.Nullifier);
            if (!earlier.Accepted || paid <= report.PaidBefore)
                return earlier;
            UInt128 more = paid.Value - report.PaidBefore.Value;
            Points points = new(earlier.Points.Value > more ? earlier.Points.Value - more : 0);
            using StateTransaction transaction = state.Begin();
            VerdictSubmission anew = Sign(terms, dao, report with
            {
                Time = Now,
                Points = points,
                PaidBefore = paid,
                Checks = [.. report.Checks, new CheckResult("paid_elsewhere", CheckOutcome.Passed, $"Other validators paid {new Points(more)} points for the account meanwhile; they are taken off.")],
            }, earlier.Nullifier, earlier.Explanation);
            state.ReplaceVerdict(terms.CiphertextDigest, terms.Owner, Bytes(anew));
            transaction.Commit();
            return anew;
        }
    }

    private ulong Now => (ulong)time.GetUtcNow().ToUnixTimeSeconds();

    private VerdictSubmission Write(SignedContribution terms, OpenedFile file, DaoInfo dao, Hearing hearing, Refusal? refusal)
    {
        bool isAccepted = refusal is null;
        byte[]? explanation = isAccepted && file.ExplainTo is { } member ? hearing.Valuation!.Explain(terms.CiphertextDigest).Seal(member) : null;
        Report report = new(
            Report.CurrentVersion, terms.CiphertextDigest, key.Address, Now, isAccepted, isAccepted ? hearing.Valuation!.Earned : Points.Zero, refusal,
            dao.Dataset.PolicyDigest, hearing.Level, hearing.PaidBefore, VerdictFindings.Of(hearing.Checks.Results, file, refusal), hearing.Checks.Results,
            isAccepted ? hearing.Valuation!.Kinds : [], explanation is null ? Bytes32.Zero : Report.DigestOf(explanation));
        VerdictSubmission submission = Sign(terms, dao, report, file.Nullifier, explanation);
        state.AddVerdict(terms.CiphertextDigest, terms.Owner, Bytes(submission), isAccepted);
        return submission;
    }

    private VerdictSubmission Sign(ContributionTerms terms, DaoInfo dao, Report report, Bytes32 nullifier, byte[]? explanation)
    {
        byte[] json = report.ToJsonBytes();
        Verdict verdict = new(
            terms.Owner, terms.CiphertextDigest, terms.Size, terms.EphemeralShare, terms.Schema, terms.KeyEpoch, report.Accepted, report.Points, nullifier, Report.DigestOf(json));
        return VerdictSubmission.From(SignedVerdict.From(verdict, verdict.Sign(key.Account, dao.RegistryDomain)), key.Address, json, explanation);
    }

    private static byte[] Bytes(VerdictSubmission submission) => JsonSerializer.SerializeToUtf8Bytes(submission, WireJson.Default.VerdictSubmission);

    private static VerdictSubmission Read(byte[] json) => JsonSerializer.Deserialize(json, WireJson.Default.VerdictSubmission)!;
}
