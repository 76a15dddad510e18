using System.Globalization;
using Commonhold.Client;
using Commonhold.Exports.Reddit;

namespace Commonhold.Cli.Evidence;

/// <summary>What each proof shows, to whom, and what it is good for, in words to be read aloud.</summary>
internal static class ProofWords
{
    public static IEnumerable<string> Of(IReadOnlyList<ProofChoice> choices, ContributionPolicy policy, IReadOnlyList<string> originals)
    {
        yield return "One validator is shown what follows, and nobody else. It is sealed to that validator's key and destroyed after the verdict.";
        foreach (var choice in choices)
            yield return $"  {Shown(choice.Type)}";
        if (originals.Count > 0)
            yield return $"  {string.Join(" and ", originals)} out of your export, as you got them. They hold {Private(originals)}.";
        yield return "What it is good for:";
        foreach (var choice in choices)
            yield return $"  {ProofChoice.Word(choice.Type)}: {Good(choice.Type)} Counts {Percent(policy.Weights.Of(Level(choice.Type)))} of the full value.";
        yield return $"  Without any proof the export counts {Percent(policy.Weights.Structure)}.";
    }

    public static EvidenceLevel Level(string type) => type switch
    {
        EvidenceItem.Email => EvidenceLevel.Email,
        EvidenceItem.AccountCode => EvidenceLevel.AccountCode,
        EvidenceItem.OAuth => EvidenceLevel.SignIn,
        EvidenceItem.OpenId => EvidenceLevel.OpenId,
        EvidenceItem.Download => EvidenceLevel.Fetched,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such proof."),
    };

    private static string Shown(string type) => type switch
    {
        EvidenceItem.Email => "The e-mail, whole.",
        EvidenceItem.AccountCode => "Where the code stands. The code itself is public while it stands there; it tells others nothing about your wallet.",
        EvidenceItem.OAuth => "A sign-in that serves once, for the name of your account and nothing more.",
        EvidenceItem.OpenId => "A sign-in with an identity that is linked to your account: its number at the provider, and what else the provider puts in.",
        _ => "The link, with which it downloads your export as the platform made it, private files included. It compares and forgets it.",
    };

    private static string Good(string type) => type switch
    {
        EvidenceItem.Email => "the platform wrote to the mailbox of your account that its data is ready.",
        EvidenceItem.AccountCode => "you can write on the page of the account.",
        EvidenceItem.OAuth => "you can sign in to the account.",
        EvidenceItem.OpenId => "you can sign in with an identity that the export links to the account.",
        _ => "the export comes from the platform itself, unaltered.",
    };

    private static string Private(IReadOnlyList<string> originals) => string.Join(" and ", originals.Select(name => name switch
    {
        RedditOriginals.Statistics => "your e-mail address",
        RedditOriginals.LinkedIdentities => "your linked identities",
        _ => null,
    }).OfType<string>());

    private static string Percent(ushort permille) => (permille / 10m).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
