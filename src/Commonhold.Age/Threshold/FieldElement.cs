using System.Buffers.Binary;

namespace Commonhold.Age;

/// <summary>An integer modulo 2^255 − 19 in five limbs of 51 bits; no branch or address depends on the value.</summary>
internal readonly struct FieldElement
{
    private const ulong Mask = (1ul << 51) - 1;

    private readonly ulong l0, l1, l2, l3, l4;

    private FieldElement(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4) =>
        (this.l0, this.l1, this.l2, this.l3, this.l4) = (l0, l1, l2, l3, l4);

    internal static FieldElement One => new(1, 0, 0, 0, 0);

    /// <summary>Reads 32 little-endian bytes; false unless the value is below 2^255 − 19.</summary>
    internal static bool TryReadCanonical(ReadOnlySpan<byte> bytes, out FieldElement element)
    {
        element = Read(bytes);
        Span<byte> again = stackalloc byte[32];
        element.Write(again);
        return again.SequenceEqual(bytes);
    }

    private static FieldElement Read(ReadOnlySpan<byte> bytes)
    {
        var w0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var w1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        var w2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        var w3 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        return new FieldElement(
            w0 & Mask,
            ((w0 >> 51) | (w1 << 13)) & Mask,
            ((w1 >> 38) | (w2 << 26)) & Mask,
            ((w2 >> 25) | (w3 << 39)) & Mask,
            (w3 >> 12) & Mask);
    }

    /// <summary>Writes the value below 2^255 − 19 as 32 little-endian bytes.</summary>
    internal void Write(Span<byte> bytes)
    {
        var t = Carry(l0, l1, l2, l3, l4);
        // q is 1 exactly when the value is at least p; adding 19·q and dropping bit 255 subtracts p.
        var q = (t.l0 + 19) >> 51;
        q = (t.l1 + q) >> 51;
        q = (t.l2 + q) >> 51;
        q = (t.l3 + q) >> 51;
        q = (t.l4 + q) >> 51;
        var r0 = t.l0 + (19 * q);
        var r1 = t.l1 + (r0 >> 51);
        var r2 = t.l2 + (r1 >> 51);
        var r3 = t.l3 + (r2 >> 51);
        var r4 = t.l4 + (r3 >> 51);
        (r0, r1, r2, r3, r4) = (r0 & Mask, r1 & Mask, r2 & Mask, r3 & Mask, r4 & Mask);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, r0 | (r1 << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (r1 >> 13) | (r2 << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (r2 >> 26) | (r3 << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (r3 >> 39) | (r4 << 12));
    }

    internal bool IsZero
    {
        get
        {
            Span<byte> bytes = stackalloc byte[32];
            Write(bytes);
            return bytes.IndexOfAnyExcept((byte)0) < 0;
        }
    }

    public static FieldElement operator +(FieldElement a, FieldElement b) =>
        Carry(a.l0 + b.l0, a.l1 + b.l1, a.l2 + b.l2, a.l3 + b.l3, a.l4 + b.l4);

    // 2p is added first, so that no limb goes below zero.
    public static FieldElement operator -(FieldElement a, FieldElement b) => Carry(
        a.l0 + 0xFFFFFFFFFFFDA - b.l0, a.l1 + 0xFFFFFFFFFFFFE - b.l1, a.l2 + 0xFFFFFFFFFFFFE - b.l2,
        a.l3 + 0xFFFFFFFFFFFFE - b.l3, a.l4 + 0xFFFFFFFFFFFFE - b.l4);

    public static FieldElement operator *(FieldElement a, FieldElement b)
    {
        var (b1, b2, b3, b4) = (b.l1 * 19, b.l2 * 19, b.l3 * 19, b.l4 * 19);
        var r0 = Math.BigMul(a.l0, b.l0) + Math.BigMul(a.l1, b4) + Math.BigMul(a.l2, b3) + Math.BigMul(a.l3, b2) + Math.BigMul(a.l4, b1);
        var r1 = Math.BigMul(a.l0, b.l1) + Math.BigMul(a.l1, b.l0) + Math.BigMul(a.l2, b4) + Math.BigMul(a.l3, b3) + Math.BigMul(a.l4, b2);
        var r2 = Math.BigMul(a.l0, b.l2) + Math.BigMul(a.l1, b.l1) + Math.BigMul(a.l2, b.l0) + Math.BigMul(a.l3, b4) + Math.BigMul(a.l4, b3);
        var r3 = Math.BigMul(a.l0, b.l3) + Math.BigMul(a.l1, b.l2) + Math.BigMul(a.l2, b.l1) + Math.BigMul(a.l3, b.l0) + Math.BigMul(a.l4, b4);
        var r4 = Math.BigMul(a.l0, b.l4) + Math.BigMul(a.l1, b.l3) + Math.BigMul(a.l2, b.l2) + Math.BigMul(a.l3, b.l1) + Math.BigMul(a.l4, b.l0);

        r1 += (ulong)(r0 >> 51);
        r2 += (ulong)(r1 >> 51);
        r3 += (ulong)(r2 >> 51);
        r4 += (ulong)(r3 >> 51);
        return Carry(
            ((ulong)r0 & Mask) + (19 * (ulong)(r4 >> 51)), (ulong)r1 & Mask, (ulong)r2 & Mask, (ulong)r3 & Mask, (ulong)r4 & Mask);
    }

    /// <summary>1/x by Fermat, x^(p − 2); zero stays zero.</summary>
    internal FieldElement Invert()
    {
        var x2 = this * this;
        var x9 = x2.Square(2) * this;
        var x11 = x9 * x2;
        var e5 = x11.Square(1) * x9;
        var e10 = e5.Square(5) * e5;
        var e20 = e10.Square(10) * e10;
        var e40 = e20.Square(20) * e20;
        var e50 = e40.Square(10) * e10;
        var e100 = e50.Square(50) * e50;
        var e200 = e100.Square(100) * e100;
        var e250 = e200.Square(50) * e50;
        return e250.Square(5) * x11;
    }

    private FieldElement Square(int times)
    {
        var result = this;
        for (; times > 0; times--) result *= result;
        return result;
    }

    private static FieldElement Carry(ulong c0, ulong c1, ulong c2, ulong c3, ulong c4)
    {
        c1 += c0 >> 51;
        c2 += c1 >> 51;
        c3 += c2 >> 51;
        c4 += c3 >> 51;
        c0 = (c0 & Mask) + (19 * (c4 >> 51));
        return new FieldElement(c0 & Mask, (c1 & Mask) + (c0 >> 51), c2 & Mask, c3 & Mask, c4 & Mask);
    }
}
