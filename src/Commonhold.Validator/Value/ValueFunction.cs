using Commonhold.Exports.Reddit;

namespace Commonhold.Validator.Value;

/// <summary>What one kind of file is worth. The code is stored in ledgers: never reuse one.</summary>
internal sealed record KindValue(string Kind, byte Code, long Weight, bool IsAuthored)
{
    public RedditFileKind File { get; } = RedditFiles.Kind(Kind);
}

/// <summary>V(S) = Σ over cells of ⌊w · ln(1 + Σ q)⌋ points; a cell is a kind of file in one community in one quarter.</summary>
/// <remarks>The logarithm makes the hundredth row of a cell worth less than the first, and breadth worth more than bulk. Each
/// cell is rounded down to whole points before summing, and the sum of qualities is an integer, so V depends on the set of rows
/// alone: not on order, uploads, machine or thread. A quality is 0 to 255 for 0 to 1.</remarks>
internal static class ValueFunction
{
    public const int FullQuality = 255;

    /// <summary>Weights in points (1,000,000 to the token) per unit of ln(1 + Σ q).</summary>
    public static IReadOnlyList<KindValue> Kinds { get; } =
    [
        new("posts", 1, 1_500_000, true),
        new("comments", 2, 1_000_000, true),
        new("post_votes", 3, 100_000, false),
        new("comment_votes", 4, 100_000, false),
        new("poll_votes", 5, 50_000, false),
        new("saved_posts", 6, 100_000, false),
        new("saved_comments", 7, 100_000, false),
        new("hidden_posts", 8, 50_000, false),
        new("subscribed_subreddits", 9, 200_000, false),
        new("moderated_subreddits", 10, 50_000, false),
        new("approved_submitter_subreddits", 11, 50_000, false),
        new("multireddits", 12, 50_000, false),
        new("gilded_content", 13, 50_000, false),
        new("gold_received", 14, 50_000, false),
    ];

    private static readonly KindValue?[] ByOrder = [.. RedditFiles.All.Select(f => Kinds.FirstOrDefault(k => k.File == f))];
    private static readonly KindValue?[] ByCode =
        [.. Enumerable.Range(0, byte.MaxValue + 1).Select(code => Kinds.FirstOrDefault(k => k.Code == code))];

    /// <summary>The value of a kind of file; null for kinds that are not valued (headers repeat rows that are).</summary>
    public static KindValue? Of(RedditFileKind kind) => ByOrder[kind.Order];

    public static KindValue OfCell(ulong cell) =>
        ByCode[(byte)(cell >> 56)] ?? throw new ArgumentException($"Cell {cell:x16} is of no known kind.", nameof(cell));

    /// <summary>True when a stored cell names a kind that is valued here.</summary>
    public static bool Knows(ulong cell) => ByCode[(byte)(cell >> 56)] is not null;

    /// <summary>The points of a cell whose rows' qualities sum to <paramref name="qualitySum"/>.</summary>
    public static long CellPoints(ulong cell, long qualitySum) =>
        (long)(OfCell(cell).Weight * ExactLog.Ln(1.0 + (qualitySum / (double)FullQuality)));
}
