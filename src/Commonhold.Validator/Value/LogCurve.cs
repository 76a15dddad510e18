using System.Numerics;

namespace Commonhold.Validator.Value;

/// <summary>ln(1 + q/255) for whole sums of quality, as a whole number of 2⁻³² that never gains a step more than the step before.</summary>
/// <remarks>A logarithm rounded down is not concave: its steps jitter by one, and whoever cut an export into twenty could collect the
/// jitter. This curve goes through straight pieces, 256 to each doubling, with whole and falling slopes; so it is exactly concave, at
/// most 10⁻⁵ below the logarithm up to sums of a million, and costs a look-up. Built by <see cref="ExactLog"/>: the same on every machine.</remarks>
internal static class LogCurve
{
    /// <summary>The curve's unit: this many make 1.</summary>
    public const int Bits = 32;

    private const int Full = ValueFunction.FullQuality;
    private const int Pieces = 256;
    private const int Doublings = 33;
    private static readonly (ulong Value, ulong Slope)[] Curve = Build();

    /// <param name="quality">0 to 2⁴⁰; what lies above adds nothing.</param>
    public static ulong Of(long quality)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quality);
        if (quality == 0)
            return 0;
        var x = Math.Min((ulong)quality, 1UL << 40) + Full;
        var doubling = BitOperations.Log2(x) - 8;
        var piece = (int)(x >> doubling) - Pieces;
        var (value, slope) = Curve[(doubling * Pieces) + piece];
        return value + (slope * (x - ((ulong)(Pieces + piece) << doubling)));
    }

    private static (ulong, ulong)[] Build()
    {
        var curve = new (ulong Value, ulong Slope)[Doublings * Pieces];

        // From 255 (no quality at all) to 256, where the pieces begin.
        var slope = Slope(Full, Pieces);
        var value = slope;
        for (var doubling = 0; doubling < Doublings; doubling++)
        {
            var width = 1UL << doubling;
            for (var piece = 0; piece < Pieces; piece++)
            {
                var from = (ulong)(Pieces + piece) << doubling;
                slope = Math.Min(slope, Slope(from, from + width));
                curve[(doubling * Pieces) + piece] = (value, slope);
                value += slope * width;
            }
        }

        return curve;
    }

    private static ulong Slope(ulong from, ulong to) =>
        (ulong)((ExactLog.Ln(to / (double)Full) - ExactLog.Ln(from / (double)Full)) / (to - from) * (1UL << Bits));
}
