using Commonhold.Validator.State;

namespace Commonhold.Validator.Uniqueness.Clusters;

/// <summary>Why two accounts are taken for one person's. The number is stored: never reuse one.</summary>
internal enum LinkKind : byte
{
    /// <summary>The same e-mail address, linked identity or sign-in subject, proved by both.</summary>
    Identity = 1,

    /// <summary>Posts or comments that stood in both exports.</summary>
    AuthoredRows = 2,

    /// <summary>Three or more equal rows of a history.</summary>
    HistoryRows = 3,

    /// <summary>Texts that are near-duplicates of each other.</summary>
    Text = 4,
}

/// <summary>Evidence that links two accounts, the lower number first.</summary>
/// <param name="Shared">Rows or texts that both have; 1 for an identity.</param>
/// <param name="OfFirst">Rows or texts of that kind that the first has in all; likewise the second.</param>
internal sealed record ClusterEvidence(AccountNumber First, AccountNumber Second, LinkKind Kind, int Shared, int OfFirst, int OfSecond)
{
    public static ClusterEvidence Of(AccountNumber one, AccountNumber other, LinkKind kind, int shared, int ofOne, int ofOther) =>
        one < other ? new(one, other, kind, shared, ofOne, ofOther) : new(other, one, kind, shared, ofOther, ofOne);

    public AccountNumber Other(AccountNumber account) => account == First ? Second : First;

    /// <summary>Whether more than half of what the account has is also the other's.</summary>
    public bool IsMostOf(AccountNumber account) => Shared * 2L > (account == First ? OfFirst : OfSecond);

    public override string ToString() => Kind switch
    {
        LinkKind.Identity => $"{First} and {Second} proved the same identity",
        LinkKind.Text => $"{First} and {Second} share {Shared} texts",
        _ => $"{First} and {Second} share {Shared} rows ({Kind})",
    };
}

/// <summary>What evidence did to the cluster of an account.</summary>
/// <param name="Root">Of the account's cluster now.</param>
/// <param name="Merged">Former roots of proved clusters that are now part of it, whose ledgers must be too; empty when none.</param>
internal sealed record ClusterChange(AccountNumber Root, IReadOnlyList<AccountNumber> Merged);
