using System.Buffers;

namespace Commonhold.Validator.Uniqueness.Texts;

/// <summary>A text as it is compared: no word of it, only keyed digests.</summary>
/// <param name="Row">The key of the row it stands in.</param>
/// <param name="Shingles">How many 5-grams it has, at most <see cref="NormalText.MaxLetters"/>.</param>
/// <param name="Bands">25 keyed digests; texts that are alike share some of them.</param>
internal sealed record SampledText(ulong Row, int Shingles, IReadOnlyList<ulong> Bands);

/// <summary>The sample of an export's texts by which it is compared with others.</summary>
/// <param name="Eligible">Texts long enough to be compared, of which these are the sample.</param>
internal sealed record TextSketch(IReadOnlyList<SampledText> Texts, int Eligible)
{
    public static TextSketch Empty { get; } = new([], 0);
}

/// <summary>Takes the sketch of an export while its rows pass: flat memory, whatever comes. Pure: same texts and key, same sketch.</summary>
/// <remarks>The sample is coordinated (Cohen, Kaplan 2007): which texts are in it depends on the texts alone, by a number that a copy and its
/// original mostly share, and long texts are more likely. So a copy cannot hide behind texts that are added to it: the more
/// of an export is copied, the more of its sample is, and the original's sample has the same ones. Nobody without the key can
/// tell which they are.</remarks>
internal sealed class TextSampler(ReadOnlySpan<byte> validatorsKey)
{
    /// <summary>Texts with fewer 5-grams are too much like each other to say anything: "Thank you so much!" has 10.</summary>
    public const int FewestShingles = 24;

    /// <summary>Texts of an export that are compared and remembered, 25 band digests each.</summary>
    public const int MostTexts = 32;

    // Above this a text is not sampled more often: long made-up texts must not crowd out what they are to hide.
    private const int FullWeight = 64;

    private readonly MinHash _hash = new(validatorsKey);
    private readonly PriorityQueue<SampledText, double> _sample = new();
    private readonly HashSet<uint> _ranks = [];
    private readonly char[] _letters = ArrayPool<char>.Shared.Rent(NormalText.MaxLetters);
    private readonly uint[] _shingles = ArrayPool<uint>.Shared.Rent(NormalText.MaxLetters);
    private readonly uint[] _signature = new uint[MinHash.Permutations];
    private int _eligible;

    /// <summary>Offers what a person wrote in a row; UTF-8, not kept.</summary>
    public void Offer(ulong row, ReadOnlySpan<byte> text)
    {
        var letters = NormalText.Read(text, _letters.AsSpan(0, NormalText.MaxLetters));
        var count = _hash.Shingles(_letters.AsSpan(0, letters), _shingles);
        if (count < FewestShingles)
            return;
        _eligible++;
        var shingles = _shingles.AsSpan(0, count);
        var rank = _hash.Rank(shingles);

        // The same text twice would fill the sample with itself.
        var order = Math.Log((rank + 1.0) / (uint.MaxValue + 2.0)) / Math.Min(count, FullWeight);
        if (_sample.Count == MostTexts && (!_sample.TryPeek(out _, out var least) || order <= least))
            return;
        if (!_ranks.Add(rank))
            return;
        _hash.Sign(shingles, _signature);
        _sample.Enqueue(new SampledText(row, count, _hash.BandsOf(_signature)), order);
        if (_sample.Count > MostTexts)
            _sample.Dequeue();
    }

    /// <summary>The sketch; the sampler is used up.</summary>
    public TextSketch ToSketch()
    {
        Array.Clear(_letters);
        Array.Clear(_shingles);
        ArrayPool<char>.Shared.Return(_letters);
        ArrayPool<uint>.Shared.Return(_shingles);
        return new TextSketch([.. _sample.UnorderedItems.OrderByDescending(t => t.Priority).ThenBy(t => t.Element.Row).Select(t => t.Element)], _eligible);
    }
}
