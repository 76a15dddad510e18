using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Validator.Ownership;

/// <summary>Verifies one kind of evidence about an account.</summary>
/// <remarks>An implementation never throws for what the member sent: that is a failed result. It throws for what is ours or the
/// network's to repair (<see cref="CommonholdException"/>, transient), and then the contribution waits.</remarks>
internal interface IOwnershipProof
{
    /// <summary>Of the evidence items that it takes: <see cref="EvidenceItem.Type"/>.</summary>
    string Type { get; }

    Task<ProofResult> VerifyAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken);
}

/// <summary>What a proof is held against.</summary>
/// <param name="Account">As the export names it; a proof that shows control of any other proves nothing here.</param>
/// <param name="Terms">Signed by the owner: what a code, nonce or challenge must be bound to.</param>
/// <param name="Registry">The domain of the dataset, so that evidence for one dataset does not serve another.</param>
/// <param name="Bundle">All evidence, for proofs that need two items.</param>
internal sealed record ProofContext(
    ExportAccount Account,
    ExportReading Reading,
    SignedContribution Terms,
    CommonholdDomain Registry,
    EvidenceBundle Bundle,
    ContributionPolicy Policy,
    DateTimeOffset Now);

/// <summary>What one piece of evidence showed.</summary>
/// <param name="Name">Of the check in the report: <c>ownership.email</c>.</param>
/// <param name="Level">What it reaches when it passed; null when it supports another proof only.</param>
/// <param name="Reason">In one sentence, for the member.</param>
/// <param name="Refusal">Set exactly when it failed.</param>
/// <param name="Evidence">Figures and public names, never content: it is public.</param>
/// <param name="Nullifier">What this proof uses up: nobody else may come with the same one again.</param>
/// <param name="Links">Keyed digests of what ties accounts of one person together.</param>
internal sealed record ProofResult(
    string Name,
    CheckOutcome Outcome,
    EvidenceLevel? Level,
    string Reason,
    string Proves,
    string DoesNotProve,
    Refusal? Refusal,
    IReadOnlyDictionary<string, string> Evidence,
    Bytes32? Nullifier,
    IReadOnlyList<ClusterLink> Links)
{
    private static readonly IReadOnlyDictionary<string, string> NoFigures = new Dictionary<string, string>();

    /// <summary>The name of the check for one type of evidence, as it stands in reports and in a policy's required checks.</summary>
    public static string NameOf(string type) => "ownership." + type;

    public static ProofResult Passed(
        string name, EvidenceLevel? level, string reason, string proves, string doesNotProve, Bytes32? nullifier = null,
        IReadOnlyList<ClusterLink>? links = null, IReadOnlyDictionary<string, string>? evidence = null) =>
        new(name, CheckOutcome.Passed, level, reason, proves, doesNotProve, null, evidence ?? NoFigures, nullifier, links ?? []);

    public static ProofResult Failed(string name, Refusal refusal, IReadOnlyDictionary<string, string>? evidence = null) =>
        new(name, CheckOutcome.Failed, null, $"{refusal.Code}: {refusal.Detail}", "Nothing.", "That the account is the contributor's.", refusal, evidence ?? NoFigures, null, []);

    public static ProofResult NotChecked(string name, string reason) =>
        new(name, CheckOutcome.NotChecked, null, reason, "Nothing.", "Anything: it was not checked.", null, NoFigures, null, []);

    public CheckResult ToCheck() => new(Name, Outcome, Reason, Evidence.Count == 0 ? null : Evidence);
}

/// <summary>A digest, keyed by the validators' key, that two accounts of one person share: of an e-mail address, of a linked identity.</summary>
/// <param name="Kind">What it is a digest of: <c>email</c>.</param>
internal readonly record struct ClusterLink(string Kind, Bytes32 Digest);
