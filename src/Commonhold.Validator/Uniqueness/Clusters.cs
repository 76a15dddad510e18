using Commonhold.Ethereum;
using Commonhold.Validator.State;

namespace Commonhold.Validator.Uniqueness;

/// <summary>Why two accounts are taken for one person's. The number is stored: never reuse one.</summary>
internal enum LinkKind : byte
{
    /// <summary>The same e-mail address, linked identity or sign-in subject (a keyed digest), proved by both.</summary>
    Identity = 1,

    /// <summary>Posts or comments of one stood in the other's export.</summary>
    AuthoredRows = 2,

    /// <summary>Three or more equal rows of a history.</summary>
    HistoryRows = 3,

    /// <summary>Texts that are near-duplicates of each other.</summary>
    Text = 4,
}

/// <summary>A keyed digest of something that a person has on several platforms, such as an e-mail address.</summary>
/// <param name="Kind">What it is a digest of: <c>email</c>, <c>openid</c>, <c>phone</c>.</param>
/// <param name="IsProved">Shown by a proof of control. A claim that is only written in a file joins nobody.</param>
internal sealed record IdentityClaim(string Kind, Bytes32 Digest, bool IsProved);

/// <summary>Evidence that links two accounts.</summary>
/// <param name="Shared">Rows, texts or (for an identity) 1.</param>
/// <param name="Of">How many rows or texts <paramref name="Second"/> has to compare.</param>
/// <param name="Joins">Whether it joins them now: see the rule in <see cref="Clusters"/>.</param>
internal sealed record ClusterEvidence(AccountNumber First, AccountNumber Second, LinkKind Kind, int Shared, int Of, bool Joins);

/// <summary>What evidence did: which proved clusters became one, so that their ledgers must too.</summary>
/// <param name="Root">Of the account's cluster now.</param>
/// <param name="Merged">Former roots of proved clusters that are now part of <paramref name="Root"/>; empty when none.</param>
internal sealed record ClusterChange(AccountNumber Root, IReadOnlyList<AccountNumber> Merged);

/// <summary>Which accounts are one person's, and why.</summary>
internal sealed class Clusters
{
    /// <summary>Stands for the cluster: its lowest proved account; its lowest account when none is proved.</summary>
    public AccountNumber RootOf(AccountNumber account) => throw new NotImplementedException();

    /// <summary>The accounts of the cluster in order.</summary>
    public IReadOnlyList<AccountNumber> MembersOf(AccountNumber account) => throw new NotImplementedException();

    public bool IsProved(AccountNumber account) => throw new NotImplementedException();

    /// <summary>The account was proved to be the member's (level ≥ account_code), for good. Inside a transaction.</summary>
    public ClusterChange Prove(AccountNumber account) => throw new NotImplementedException();

    /// <summary>The account names an identity. Inside a transaction.</summary>
    public ClusterChange Claim(AccountNumber account, IdentityClaim claim) => throw new NotImplementedException();

    /// <summary>Rows or texts that two accounts share. Inside a transaction.</summary>
    /// <param name="later">Whose export brought them now.</param>
    /// <param name="earlier">Who had them.</param>
    /// <param name="shared">How many rows or texts.</param>
    /// <param name="ofEarlier">How many the earlier account has in all.</param>
    public ClusterChange Link(AccountNumber later, AccountNumber earlier, LinkKind kind, int shared, int ofEarlier) => throw new NotImplementedException();

    /// <summary>Why two accounts are one: the links that lead from the first to the second; empty when they are not.</summary>
    public IReadOnlyList<ClusterEvidence> Explain(AccountNumber first, AccountNumber second) => throw new NotImplementedException();
}
