using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Validator.Batches;
using Commonhold.Validator.State;
using Commonhold.Validator.Uniqueness.IdTime;
using Commonhold.Validator.Value;

namespace Commonhold.Validator.Verdicts;

/// <summary>One contribution before the judge: every question in its order, until one is answered with a refusal.</summary>
/// <remarks>Writes into the open transaction as it goes, because later answers rest on earlier ones; a refusal takes all of it back.</remarks>
internal sealed class Hearing(ValidatorState state, DatasetLedger dataset, SignedContribution terms, OpenedFile file, ContributionPolicy policy)
{
    public CheckList Checks { get; } = new();

    public Valuation? Valuation { get; private set; }

    /// <summary>The level that this contribution's own evidence reached.</summary>
    public EvidenceLevel Level { get; } = file.Ownership?.Level ?? EvidenceLevel.Wallet;

    /// <summary>What the account's cluster was paid, whoever paid it.</summary>
    public Points PaidBefore => Max(Valuation?.PaidBefore ?? Points.Zero, dataset.PaidTo(file.Nullifier));

    /// <returns>Why it is refused; null when it is accepted, and then everything about it is written down.</returns>
    public Refusal? Run()
    {
        Checks.Add(file.Checks);
        if (file.Refusal is { } refused)
            return refused;
        ExaminedExport export = file.Export!;
        AccountHolder holder = new(state, dataset, terms, file.Nullifier, file.Ownership!, Checks);
        return Ids(export) ?? Repeated() ?? holder.Admit() ?? Contents(export, holder) ?? Settle(export, holder);
    }

    private Refusal? Settle(ExaminedExport export, AccountHolder holder)
    {
        holder.Prove(export.Format);
        OverlapCheck overlap = new(state, export, holder, policy.Thresholds, Checks);
        if (overlap.Run() is { } copied)
            return copied;

        AccountNumber root = state.Clusters.RootOf(holder.Number);

        // One that is merely attached to a proved account by its rows must not be paid what is due to that one.
        bool isProved = holder.IsProved;
        Valuation = state.Value.Assess(
            new ValueRequest(export.Format, overlap.Rows, export.CellNames, holder.Number, root, isProved, Level, dataset.PaidTo(file.Nullifier)), ValueTerms.Of(policy),
            policy.Reweighting ? state.Reweighting.MultiplierOf(root, isProved) : 1000);
        if (Worth(Valuation, holder) is { } worthless)
            return worthless;
        state.Value.Accept(Valuation, isProved ? root : holder.Number);
        overlap.Remember(root);
        state.Reweighting.Keep(holder.Number, export.Texts);
        state.AddContent(export.Content.Hex, Level);
        state.AddShare(terms.EphemeralShare);
        return PolicyGate.Judge(policy, Level, VerdictFindings.Of(Checks.Results, file, null), Checks.Results);
    }

    private Refusal? Ids(ExaminedExport export)
    {
        IdTimeCheck ids = export.IdTime;
        (string, long)[] figures = [("ids_compared", ids.Compared), ("ids_off_curve", ids.OffCurve)];
        switch (ids.Passes((int)policy.Thresholds.OffCurvePermille))
        {
            case null:
                Checks.Skip(VerdictFindings.IdTime, ids.Reason);
                return null;
            case true:
                Checks.Pass(VerdictFindings.IdTime, ids.Reason, figures);
                return null;
            default:
                return Checks.Fail(VerdictFindings.IdTime, new Refusal(
                    "contribution.off_curve", $"{ids.OffCurve:N0} of {ids.Compared:N0} ids were not given when their rows say: rows or dates are made up.",
                    "Contribute the export as the platform sent it."), figures);
        }
    }

    private Refusal? Repeated()
    {
        if (state.HasAccepted(terms.CiphertextDigest) || dataset.HasDigest(terms.CiphertextDigest))
            return Checks.Fail(VerdictFindings.Unique, new Refusal("contribution.duplicate", "This very file was contributed before."));
        if (state.HasShare(terms.EphemeralShare) || dataset.HasShare(terms.EphemeralShare))
            return Checks.Fail(VerdictFindings.Unique, new Refusal("contribution.share_reused", $"The ephemeral share {terms.EphemeralShare} stands in another file.", "Encrypt the file anew."));
        return null;
    }

    private Refusal? Contents(ExaminedExport export, AccountHolder holder)
    {
        // The same contents may come again with a better proof: then the account is valued anew, and what was paid is taken off.
        if (state.LevelOfContent(export.Content.Hex) is { } known && !(Level.IsProved() && Level > known) && !holder.IsMoved)
        {
            return Checks.Fail(VerdictFindings.Unique, new Refusal(
                "contribution.duplicate", "An export with the same contents was contributed before, perhaps zipped in another way.",
                "Ask the provider for a newer export, or prove that the account is yours; only what is new earns points."));
        }

        Checks.Pass(VerdictFindings.Unique, "Neither the file, its contents nor its share was contributed before.");
        return null;
    }

    private Refusal? Worth(Valuation valuation, AccountHolder holder)
    {
        (string, long)[] figures = [("rows", valuation.Rows), ("new_rows", valuation.NewRows)];
        if (valuation.Rows < policy.Thresholds.MinimumRows)
            return Checks.Fail(VerdictFindings.Value, new Refusal("contribution.too_few_rows", $"It has {valuation.Rows} rows of value; the dataset takes exports from {policy.Thresholds.MinimumRows} on."), figures);
        // Who has just proved that the account is theirs brings something, whatever was paid before.
        if (valuation.Refusal is { } refusal && !(refusal.Code == "contribution.nothing_new" && holder.IsNewlyProved))
            return Checks.Fail(VerdictFindings.Value, refusal, figures);
        Checks.Pass(VerdictFindings.Value, $"{valuation.NewRows:N0} of {valuation.Rows:N0} rows are new.", figures);
        return null;
    }

    private static Points Max(Points one, Points other) => one > other ? one : other;
}
