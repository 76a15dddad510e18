namespace Commonhold.Age;

/// <summary>A point of ed25519's prime-order subgroup, not the identity; 32 canonical bytes.</summary>
/// <remarks>Every instance was checked: canonical, on the curve, of prime order. libsodium makes these checks; before
/// its fix for CVE-2025-69277 it let a component of order two pass, so such a library is refused at start.</remarks>
public sealed class GroupPoint : IEquatable<GroupPoint>
{
    public const int Size = 32;

    private readonly byte[] bytes;

    static GroupPoint() => RequireSoundLibrary();

    private GroupPoint(byte[] bytes) => this.bytes = bytes;

    public ReadOnlySpan<byte> Bytes => bytes;

    /// <exception cref="AgeException"><c>age.point_refused</c></exception>
    public static GroupPoint Parse(ReadOnlySpan<byte> bytes) =>
        TryParse(bytes) ?? throw Refused("It is not canonical, not on the curve, or not of prime order.");

    public static GroupPoint? TryParse(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size && Sodium.PointIsValid(bytes) == 1 ? new GroupPoint(bytes.ToArray()) : null;

    /// <summary>The point with sign bit 0 whose u-coordinate is <paramref name="share"/>.</summary>
    /// <exception cref="AgeException"><c>age.share_refused</c>: not canonical, on the twist, or off the prime-order subgroup.</exception>
    public static GroupPoint FromShare(ReadOnlySpan<byte> share)
    {
        Span<byte> point = stackalloc byte[Size];
        if (share.Length == Size) Birational.ToEdwards(share, point);
        return TryParse(point) ?? throw new AgeException(
            AgeErrors.ShareRefused, "The ephemeral share is not a point of the prime-order subgroup.",
            "Files of age and of Commonhold never carry such a share: this one was forged.");
    }

    /// <summary>The u-coordinate: what age calls the share or the recipient's key.</summary>
    public byte[] ToMontgomery()
    {
        var share = new byte[Size];
        Birational.ToMontgomery(bytes, share);
        return share;
    }

    internal static GroupPoint BaseTimes(ReadOnlySpan<byte> scalar)
    {
        var product = new byte[Size];
        return Sodium.PointMultiplyBase(product, scalar) == 0 ? new GroupPoint(product) : throw Refused("It is the identity.");
    }

    internal GroupPoint Times(ReadOnlySpan<byte> scalar)
    {
        var product = new byte[Size];
        return Sodium.PointMultiply(product, scalar, bytes) == 0 ? new GroupPoint(product) : throw Refused("It is the identity.");
    }

    /// <summary>Multiplies an encoding that was not checked yet; null when it is no point of the group.</summary>
    /// <remarks>libsodium's multiplication makes the same checks as <see cref="TryParse"/>: this saves making them twice.</remarks>
    internal static GroupPoint? TryMultiply(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> scalar)
    {
        var product = new byte[Size];
        return encoded.Length == Size && Sodium.PointMultiply(product, scalar, encoded) == 0 ? new GroupPoint(product) : null;
    }

    internal GroupPoint Plus(GroupPoint other) => Checked(other, add: true);

    internal GroupPoint Minus(GroupPoint other) => Checked(other, add: false);

    public bool Equals(GroupPoint? other) => other is not null && bytes.AsSpan().SequenceEqual(other.bytes);

    public override bool Equals(object? obj) => Equals(obj as GroupPoint);

    public override int GetHashCode() => BitConverter.ToInt32(bytes);

    public override string ToString() => Convert.ToHexStringLower(bytes);

    private GroupPoint Checked(GroupPoint other, bool add)
    {
        var result = new byte[Size];
        var status = add ? Sodium.PointAdd(result, bytes, other.bytes) : Sodium.PointSubtract(result, bytes, other.bytes);
        // The subgroup is closed; only the identity (y = 1) is left to refuse.
        return status == 0 && !(result[0] == 1 && result.AsSpan(1).IndexOfAnyExcept((byte)0) < 0)
            ? new GroupPoint(result)
            : throw Refused("It is the identity.");
    }

    private static void RequireSoundLibrary()
    {
        // The base point plus the point of order two: y = −4/5.
        Span<byte> mixed = stackalloc byte[Size];
        mixed.Fill(0x99);
        mixed[0] = 0x95;
        if (Sodium.PointIsValid(mixed) != 0)
            throw new PlatformNotSupportedException(
                "This libsodium accepts points of mixed order (CVE-2025-69277). Update it: apt-get install --only-upgrade libsodium23");
    }

    private static AgeException Refused(string why) => new(AgeErrors.PointRefused, $"A group point is refused. {why}");
}
