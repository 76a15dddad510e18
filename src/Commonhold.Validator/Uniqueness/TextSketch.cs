namespace Commonhold.Validator.Uniqueness;

/// <summary>A text as it is compared: no word of it, only keyed digests.</summary>
/// <param name="Row">The key of the row it stands in.</param>
/// <param name="Shingles">How many 5-grams it has, at most the limit.</param>
/// <param name="Bands">25 keyed digests; texts that are alike share some of them.</param>
internal sealed record SampledText(ulong Row, int Shingles, IReadOnlyList<ulong> Bands);

/// <summary>The sample of an export's texts by which it is compared with others.</summary>
/// <param name="Eligible">Texts long enough to be compared, of which these are the sample.</param>
internal sealed record TextSketch(IReadOnlyList<SampledText> Texts, int Eligible)
{
    public static TextSketch Empty { get; } = new([], 0);
}

/// <summary>Takes the sketch of an export while its rows pass: flat memory, whatever comes. Pure: same texts and key, same sketch.</summary>
internal sealed class TextSampler(ReadOnlySpan<byte> validatorsKey)
{
    private readonly int _length = validatorsKey.Length;

    /// <summary>Offers what a person wrote in a row; UTF-8, not kept.</summary>
    public void Offer(ulong row, ReadOnlySpan<byte> text) => throw new NotImplementedException(_length.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public TextSketch ToSketch() => throw new NotImplementedException();
}
