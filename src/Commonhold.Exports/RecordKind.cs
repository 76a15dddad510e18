namespace Commonhold.Exports;

/// <summary>How far a record's key can be compared.</summary>
public enum RowScope
{
    /// <summary>Means something within its account alone (a vote, a subscription): keyed per account, matches nobody else's.</summary>
    Own,

    /// <summary>Could happen to two people, but hardly thrice (this page at this microsecond): three equal records prove copying.</summary>
    History,

    /// <summary>One person's in the whole world (a comment's id): any record that two accounts share was copied by one of them.</summary>
    Authored,
}

/// <summary>One kind of record that a format values: comments, visits, plays.</summary>
/// <param name="Name">Stable and plural, as reports show it: <c>comment_votes</c>.</param>
/// <param name="Code">1 to 255. Stored in ledgers: never changed and never used again within a format.</param>
/// <param name="Weight">Points (1,000,000 to the token) per unit of ln(1 + Σ quality) of a cell.</param>
public sealed record RecordKind(string Name, byte Code, long Weight, RowScope Scope);
