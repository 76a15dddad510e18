namespace Commonhold.Validator.Value;

/// <summary>The natural logarithm by basic operations alone, so that every validator gets the same bits on every machine:
/// IEEE 754 fixes + − × ÷ to the last bit and leaves log to each library.</summary>
internal static class ExactLog
{
    private const double Ln2 = 0.6931471805599453;
    private const double Sqrt2 = 1.4142135623730951;

    // 1/23, 1/21 … 1/1: divisions round the same everywhere, so they may be done once.
    private static readonly double[] Reciprocals = [.. Enumerable.Range(0, 12).Select(i => 1.0 / (23 - (2 * i)))];

    /// <param name="x">At least 1 and finite.</param>
    public static double Ln(double x)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(x, 1.0);
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | (1023L << 52));
        if (mantissa > Sqrt2)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2·artanh((m−1)/(m+1)); here |s| < 0.172, so the twelfth term is below 2⁻⁵³.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var sum = 0.0;
        foreach (var reciprocal in Reciprocals)
            sum = (sum * square) + reciprocal;
        return (exponent * Ln2) + (2 * s * sum);
    }
}
