using System.Globalization;

namespace Commonhold.Guardians.Chain;

/// <summary>How deep a block must lie before a guardian acts on what it says.</summary>
internal sealed record FinalityRule
{
    private FinalityRule(string? tag, ulong depth)
    {
        Tag = tag;
        Depth = depth;
    }

    /// <summary>The proof-of-stake checkpoint two epochs back, about 13 minutes on Ethereum. What a guardian uses unless told otherwise.</summary>
    public static FinalityRule Finalized { get; } = new("finalized", 0);

    /// <summary>The justified checkpoint, about 6 minutes.</summary>
    public static FinalityRule Safe { get; } = new("safe", 0);

    /// <summary>The block tag of the execution API, or null for a depth.</summary>
    public string? Tag { get; }

    /// <summary>Blocks on top of the one that is read; 0 reads the head, for chains that cannot reorganise.</summary>
    public ulong Depth { get; }

    public static FinalityRule AtDepth(ulong depth) => new(null, depth);

    /// <summary>Reads <c>finalized</c>, <c>safe</c> or <c>depth:N</c>.</summary>
    public static FinalityRule? TryParse(string text) => text switch
    {
        "finalized" => Finalized,
        "safe" => Safe,
        _ when text.StartsWith("depth:", StringComparison.Ordinal)
            && ulong.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var depth)
            && depth <= 1_000_000 => AtDepth(depth),
        _ => null,
    };

    public override string ToString() => Tag ?? string.Create(CultureInfo.InvariantCulture, $"depth:{Depth}");
}
