namespace Commonhold.Validator.Uniqueness.IdTime;

/// <summary>The longest part of a list of knots whose ids and times both rise: what a minority of wrong ones cannot bend.</summary>
internal static class RisingPart
{
    /// <param name="knots">In order of ids.</param>
    public static IdSample[] Of(IReadOnlyList<IdSample> knots)
    {
        // Patience sorting (Schensted 1961): ends[n] is the knot with the earliest time that ends a rising part of n + 1 knots.
        var ends = new List<int>();
        var before = new int[knots.Count];
        for (var i = 0; i < knots.Count; i++)
        {
            int low = 0, high = ends.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (Precedes(knots[ends[middle]], knots[i]))
                    low = middle + 1;
                else
                    high = middle;
            }

            before[i] = low == 0 ? -1 : ends[low - 1];
            if (low == ends.Count)
                ends.Add(i);
            else if (knots[i].UnixSeconds < knots[ends[low]].UnixSeconds)
                ends[low] = i;
        }

        var part = new List<IdSample>();
        for (var i = ends.Count == 0 ? -1 : ends[^1]; i >= 0; i = before[i])
            part.Add(knots[i]);
        part.Reverse();
        return [.. part];
    }

    private static bool Precedes(IdSample one, IdSample other) => one.Id < other.Id && one.UnixSeconds <= other.UnixSeconds;
}
