namespace Commonhold.Validator.Value.Reweighting;

/// <summary>Sorts points by likeness to a vector in one pass of counting: likeness is a whole number of sixteen bits.</summary>
internal sealed class NearestFirst(LabelledTexts texts)
{
    private const int Most = 127 * 127 * 2;
    private readonly int[] _likeness = new int[texts.Count];
    private readonly int[] _places = new int[(2 * Most) + 2];
    private readonly int[] _order = new int[texts.Count];

    /// <summary>The points that <paramref name="isPlayer"/> lets in, the most alike first, of equals the lower first. Valid until the next call.</summary>
    public ReadOnlySpan<int> To(ReadOnlySpan<sbyte> vector, Func<int, bool> isPlayer)
    {
        Array.Clear(_places);
        var count = 0;
        for (var point = 0; point < texts.Count; point++)
        {
            if (!isPlayer(point))
            {
                _likeness[point] = int.MinValue;
                continue;
            }

            // Turned round, so that the most alike come to the lowest place.
            var likeness = Most - Math.Clamp(TextFeatures.Dot(vector, texts.VectorOf(point)), -Most, Most);
            _likeness[point] = likeness;
            _places[likeness + 1]++;
            count++;
        }

        for (var i = 1; i < _places.Length; i++)
            _places[i] += _places[i - 1];
        for (var point = 0; point < texts.Count; point++)
        {
            if (_likeness[point] != int.MinValue)
                _order[_places[_likeness[point]]++] = point;
        }

        return _order.AsSpan(0, count);
    }
}
