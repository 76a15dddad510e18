namespace Commonhold.Age;

/// <summary>Maps between X25519's u-coordinates and ed25519's points (RFC 7748 §4.1).</summary>
internal static class Birational
{
    internal const int Size = 32;

    /// <summary>How many shares one inversion serves.</summary>
    internal const int BatchSize = 64;

    /// <summary>Maps u-coordinates to encoded points with sign bit 0: y = (u − 1)/(u + 1).</summary>
    /// <remarks>A non-canonical u, and u = −1, which has no image, give the all-zero encoding: it is a point of order
    /// four, which every later check refuses. Whether y is on the curve is for libsodium to say.</remarks>
    internal static void ToEdwards(ReadOnlySpan<byte> shares, Span<byte> points)
    {
        while (!shares.IsEmpty)
        {
            var length = Math.Min(shares.Length, BatchSize * Size);
            ToEdwardsBatch(shares[..length], points[..length]);
            shares = shares[length..];
            points = points[length..];
        }
    }

    /// <summary>The u-coordinate of an encoded point other than the identity: u = (1 + y)/(1 − y).</summary>
    internal static void ToMontgomery(ReadOnlySpan<byte> point, Span<byte> share)
    {
        Span<byte> encoded = stackalloc byte[Size];
        point.CopyTo(encoded);
        encoded[31] &= 0x7F;
        _ = FieldElement.TryReadCanonical(encoded, out var y);
        ((FieldElement.One + y) * (FieldElement.One - y).Invert()).Write(share);
    }

    private static void ToEdwardsBatch(ReadOnlySpan<byte> shares, Span<byte> points)
    {
        // Montgomery's trick: one inversion for the product of all denominators.
        var count = shares.Length / Size;
        Span<FieldElement> numerators = stackalloc FieldElement[BatchSize];
        Span<FieldElement> denominators = stackalloc FieldElement[BatchSize];
        Span<FieldElement> products = stackalloc FieldElement[BatchSize + 1];
        Span<bool> refused = stackalloc bool[BatchSize];
        products[0] = FieldElement.One;
        for (var i = 0; i < count; i++)
        {
            var canonical = FieldElement.TryReadCanonical(shares.Slice(i * Size, Size), out var u);
            numerators[i] = u - FieldElement.One;
            denominators[i] = u + FieldElement.One;
            refused[i] = !canonical || denominators[i].IsZero;
            if (refused[i]) denominators[i] = FieldElement.One;
            products[i + 1] = products[i] * denominators[i];
        }

        var inverse = products[count].Invert();
        for (var i = count - 1; i >= 0; i--)
        {
            var point = points.Slice(i * Size, Size);
            (numerators[i] * inverse * products[i]).Write(point);
            if (refused[i]) point.Clear();
            inverse *= denominators[i];
        }
    }
}
