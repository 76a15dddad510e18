using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Validator.Batches;
using Commonhold.Validator.State;
using Commonhold.Validator.Uniqueness;
using Commonhold.Validator.Value;

namespace Commonhold.Validator;

/// <summary>Holds an examined contribution against everything known, values it, and signs the verdict.</summary>
/// <remarks>One contribution at a time: two files of one account must not be paid for the same rows. The verdict and the new
/// ledger are committed together before the verdict is returned.</remarks>
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

    public VerdictSubmission Decide(SignedContribution terms, OpenedFile file, DaoInfo dao)
    {
        lock (_lock)
        {
            if (state.FindVerdict(terms.CiphertextDigest, terms.Owner) is { } earlier)
                return Read(earlier);

            using StateTransaction transaction = state.Begin();
            CheckList checks = new();
            checks.Add(file.Checks);
            Valuation? valuation = null;
            Refusal? refusal = file.Refusal ?? Uniqueness(terms, file, checks) ?? Value(terms, file, checks, out valuation);
            Points points = refusal is null ? valuation!.Earned : Points.Zero;
            byte[] report = new Report(
                Report.CurrentVersion, terms.CiphertextDigest, key.Address, (ulong)time.GetUtcNow().ToUnixTimeSeconds(), refusal is null,
                points, refusal, Bytes32.Zero, refusal is null ? EvidenceLevel.Structure : EvidenceLevel.Wallet, dataset.PaidTo(file.Nullifier),
                VerdictFindings.Of(checks.Results, refusal), checks.Results, refusal is null ? valuation!.Kinds : [], Bytes32.Zero).ToJsonBytes();
            Verdict verdict = new(
                terms.Owner, terms.CiphertextDigest, terms.Size, terms.EphemeralShare, terms.Schema, terms.KeyEpoch, refusal is null,
                points, file.Nullifier, Report.DigestOf(report));
            VerdictSubmission submission = VerdictSubmission.From(
                SignedVerdict.From(verdict, verdict.Sign(key.Account, dao.RegistryDomain)), key.Address, report);
            state.AddVerdict(
                terms.CiphertextDigest, terms.Owner, JsonSerializer.SerializeToUtf8Bytes(submission, WireJson.Default.VerdictSubmission), verdict.Accepted);
            transaction.Commit();
            return submission;
        }
    }

    private static VerdictSubmission Read(byte[] json) => JsonSerializer.Deserialize(json, WireJson.Default.VerdictSubmission)!;

    private Refusal? Uniqueness(ContributionTerms terms, OpenedFile file, CheckList checks)
    {
        if (state.HasAccepted(terms.CiphertextDigest) || dataset.HasDigest(terms.CiphertextDigest))
            return checks.Fail("unique", new Refusal("contribution.duplicate", "This very file was contributed before."));
        if (state.HasShare(terms.EphemeralShare) || dataset.HasShare(terms.EphemeralShare))
            return checks.Fail("unique", new Refusal("contribution.share_reused", $"The ephemeral share {terms.EphemeralShare} stands in another file.", "Encrypt the file anew."));
        Address? owner = state.FindAccount(file.Nullifier) is { } account ? Address.FromSpan(account.Owner) : dataset.OwnerOf(file.Nullifier);
        if (owner is { } first && first != terms.Owner)
            return checks.Fail("account", new Refusal("account.other_owner", "The account of this export already contributes under another address.", "Contribute from the address that you used before."));
        if (state.HasContent(file.Export!.Content.Hex))
            return checks.Fail("unique", new Refusal("contribution.duplicate", "An export with the same contents was contributed before, perhaps zipped in another way.", "Ask Reddit for a newer export; only what is new earns points."));
        checks.Pass("unique", "Neither the file, its contents nor its share was contributed before.");
        return null;
    }

    private Refusal? Value(ContributionTerms terms, OpenedFile file, CheckList checks, out Valuation? valuation)
    {
        valuation = null;
        ExaminedExport export = file.Export!;
        ValidatorState.AccountRow? known = state.FindAccount(file.Nullifier);
        List<OwnedRows> others = [.. state.Rows.Find(export.Authored).Where(o => o.Account != known?.Number)];
        RowKeySet foreign = others.Aggregate(RowKeySet.Empty, (all, o) => all.Union(o.Keys));
        if (AuthoredOverlap.Judge(export.Authored.Count, others.Select(o => new SharedRows(o.Account, o.Keys.Count))) is { } copied)
            return checks.Fail("authored", copied);
        checks.Pass("authored", $"{foreign.Count} of {export.Authored.Count} authored rows belong to others.");

        ContributionPolicy policy = ContributionPolicy.Standard(export.Format.Schema);
        AccountNumber account = known?.Number ?? default;
        valuation = state.Value.Assess(
            new ValueRequest(
                export.Format, export.Rows.Without(foreign), export.CellNames, account, account, false, EvidenceLevel.Structure, dataset.PaidTo(file.Nullifier)),
            ValueTerms.Of(policy));
        if (valuation.Refusal is { } refusal)
            return checks.Fail("value", refusal);
        checks.Pass("value", $"{valuation.NewRows} of {valuation.Rows} rows are new.");

        AccountNumber number = state.PutAccount(file.Nullifier, terms.Owner);
        state.Value.Accept(valuation, number);
        state.Rows.Add(export.Authored, number);
        state.AddContent(export.Content.Hex);
        state.AddShare(terms.EphemeralShare);
        return null;
    }
}
