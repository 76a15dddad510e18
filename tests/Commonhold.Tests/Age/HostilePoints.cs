using System.Numerics;
using Commonhold.Age;

namespace Commonhold.Tests.Age;

/// <summary>Shares that no honest writer makes, computed independently of the code under test.</summary>
internal static class HostilePoints
{
    internal static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;

    /// <summary>The u-coordinates of small order that X25519 knows (RFC 7748 security considerations; Curve25519's list).</summary>
    internal static IEnumerable<(string Name, byte[] Share)> LowOrder()
    {
        yield return ("identity", Bytes(0));
        yield return ("order 4", Bytes(1));
        yield return ("order 8", Convert.FromHexString("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"));
        yield return ("another order 8", Convert.FromHexString("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"));
        yield return ("order 4 on the twist", Bytes(P - 1));
        yield return ("p", Bytes(P));
        yield return ("p + 1", Bytes(P + 1));
    }

    /// <summary>The same point plus the point of order two: on Montgomery's curve that is u → 1/u.</summary>
    internal static byte[] OrderTwoAdded(ReadOnlySpan<byte> share) =>
        Bytes(BigInteger.ModPow(new BigInteger(share, isUnsigned: true), P - 2, P));

    /// <summary>True when u³ + 486662u² + u is a square: the point is on the curve, not on its twist.</summary>
    internal static bool IsOnCurve(BigInteger u) =>
        BigInteger.ModPow((u * u * u) + (486662 * u * u) + u, (P - 1) / 2, P) <= 1;

    internal static byte[] Bytes(BigInteger value)
    {
        var bytes = new byte[32];
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }
}
