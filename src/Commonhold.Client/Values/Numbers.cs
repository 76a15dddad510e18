using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;

namespace Commonhold.Client;

/// <summary>A request's number; once approved, the grant's.</summary>
[JsonConverter(typeof(GrantIdConverter))]
public readonly record struct GrantId(ulong Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A batch's number: how many batches stood before it.</summary>
[JsonConverter(typeof(BatchIdConverter))]
public readonly record struct BatchId(ulong Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What contributions earn; 1,000,000 points are one token (protocol.md §1).</summary>
/// <remarks>128 bits hold 10³² tokens. A manifest that claims more is refused when it is read.</remarks>
[JsonConverter(typeof(PointsConverter))]
public readonly record struct Points(UInt128 Value) : IComparable<Points>
{
    public const uint PerToken = 1_000_000;

    public static Points Zero => default;

    /// <summary>The base units of the 18-decimal token: POINT = 10¹².</summary>
    public Wei ToTokenUnits() => new((BigInteger)Value * 1_000_000_000_000);

    public static Points operator +(Points left, Points right) => new(checked(left.Value + right.Value));

    public static Points Add(Points left, Points right) => left + right;

    public static bool operator <(Points left, Points right) => left.Value < right.Value;

    public static bool operator >(Points left, Points right) => left.Value > right.Value;

    public static bool operator <=(Points left, Points right) => left.Value <= right.Value;

    public static bool operator >=(Points left, Points right) => left.Value >= right.Value;

    public int CompareTo(Points other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An amount in a currency's smallest unit: 0 to 2²⁵⁶ − 1.</summary>
[JsonConverter(typeof(WeiConverter))]
public readonly record struct Wei(BigInteger Value) : IComparable<Wei>
{
    public static Wei Zero => default;

    public static Wei operator +(Wei left, Wei right) => new(left.Value + right.Value);

    public static Wei operator -(Wei left, Wei right) => new(left.Value - right.Value);

    public static Wei Add(Wei left, Wei right) => left + right;

    public static Wei Subtract(Wei left, Wei right) => left - right;

    public static bool operator <(Wei left, Wei right) => left.Value < right.Value;

    public static bool operator >(Wei left, Wei right) => left.Value > right.Value;

    public static bool operator <=(Wei left, Wei right) => left.Value <= right.Value;

    public static bool operator >=(Wei left, Wei right) => left.Value >= right.Value;

    public int CompareTo(Wei other) => Value.CompareTo(other.Value);

    /// <summary>The amount in whole units, without needless zeros: <c>1.5</c> for 1.5·10¹⁸ at 18 decimals.</summary>
    public string ToUnits(int decimals)
    {
        string digits = BigInteger.Abs(Value).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        string fraction = digits[^decimals..].TrimEnd('0');
        string sign = Value.Sign < 0 ? "-" : "";
        return fraction.Length == 0 || decimals == 0 ? sign + digits[..^decimals] : $"{sign}{digits[..^decimals]}.{fraction}";
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
