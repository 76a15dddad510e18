using System.Globalization;
using System.Text.Json.Nodes;

namespace Commonhold.Ethereum;

/// <summary>The block at which state is read: a tag, a number, or (EIP-1898) a hash. The default value is the latest block.</summary>
public readonly record struct BlockReference
{
    private readonly string? _tag;
    private readonly ulong? _number;
    private readonly Bytes32? _hash;

    private BlockReference(string? tag, ulong? number, Bytes32? hash)
    {
        _tag = tag;
        _number = number;
        _hash = hash;
    }

    public static BlockReference Latest => default;

    public static BlockReference Safe => new("safe", null, null);

    public static BlockReference Finalized => new("finalized", null, null);

    /// <summary>The latest block and what waits to be mined.</summary>
    public static BlockReference Pending => new("pending", null, null);

    public static BlockReference Number(ulong number) => new(null, number, null);

    /// <summary>A block that must be on the canonical chain: if a reorganisation removed it, reading fails instead of lying.</summary>
    public static BlockReference Hash(Bytes32 hash) => new(null, null, hash);

    public static implicit operator BlockReference(ulong number) => Number(number);

    internal Bytes32? BlockHash => _hash;

    internal ulong? BlockNumber => _number;

    internal JsonNode ToJson() =>
        _hash is { } hash ? new JsonObject { ["blockHash"] = hash.ToString(), ["requireCanonical"] = true } : ToString();

    public override string ToString() =>
        _hash?.ToString() ?? (_number is { } number ? "0x" + number.ToString("x", CultureInfo.InvariantCulture) : _tag ?? "latest");
}

/// <summary>How far behind the newest block a reader stays: the chain's own tags, or a number of blocks.</summary>
/// <remarks>Text forms: <c>latest</c>, <c>safe</c>, <c>finalized</c>, or a depth such as <c>12</c>.</remarks>
public readonly record struct Finality : IParsable<Finality>
{
    private Finality(BlockReference tag, ulong depth)
    {
        Tag = tag;
        Depth = depth;
    }

    public static Finality Latest => default;

    public static Finality Safe => new(BlockReference.Safe, 0);

    public static Finality Finalized => new(BlockReference.Finalized, 0);

    internal BlockReference Tag { get; }

    internal ulong Depth { get; }

    /// <summary>So many blocks behind the newest.</summary>
    public static Finality Blocks(ulong depth) => new(BlockReference.Latest, depth);

    /// <exception cref="FormatException">Neither a tag nor a number.</exception>
    public static Finality Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out Finality value) ? value : throw new FormatException($"'{Hex.Shorten(s)}' is not latest, safe, finalized or a number of blocks.");

    public static bool TryParse(string? s, IFormatProvider? provider, out Finality result)
    {
        result = s switch { "safe" => Safe, "finalized" => Finalized, _ => Latest };
        if (s is "latest" or "safe" or "finalized")
            return true;
        if (!ulong.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out ulong depth))
            return false;

        result = Blocks(depth);
        return true;
    }

    public override string ToString() => Depth > 0 ? Depth.ToString(CultureInfo.InvariantCulture) : Tag.ToString();
}
