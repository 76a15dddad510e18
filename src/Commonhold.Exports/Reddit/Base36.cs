namespace Commonhold.Exports.Reddit;

/// <summary>Reddit's ids: base-36 numbers that rise with time, one row of numbers for each kind.</summary>
internal static class Base36
{
    private const int MostDigits = 13;

    /// <summary>One spelling for an id: <c>t1_</c> and <c>t3_</c> and leading zeros fall away, letters become small.</summary>
    /// <returns>The length in <paramref name="canonical"/>; 0 when it is no base-36 id.</returns>
    public static int Canonicalise(ReadOnlySpan<byte> id, Span<byte> canonical)
    {
        if (id.Length > 3 && id[0] is (byte)'t' && id[2] is (byte)'_')
            id = id[3..];
        id = id.TrimStart((byte)'0');
        if (id.Length is 0 or > MostDigits)
            return 0;
        for (var i = 0; i < id.Length; i++)
        {
            var lower = id[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(id[i] | 0x20) : id[i];
            if (lower is not (>= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'z'))
                return 0;
            canonical[i] = lower;
        }

        return id.Length;
    }

    /// <summary>The number of a canonical id; false when it exceeds 64 bits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> canonical, out ulong number)
    {
        number = 0;
        foreach (var digit in canonical)
        {
            var value = (ulong)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
            if (number > (ulong.MaxValue - value) / 36)
                return false;
            number = (number * 36) + value;
        }

        return true;
    }
}
