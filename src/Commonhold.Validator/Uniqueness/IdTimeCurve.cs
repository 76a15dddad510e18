using Commonhold.Validator.State;

namespace Commonhold.Validator.Uniqueness;

/// <summary>A row of numbered things: ids and times of one series grow together. The number is stored: never reuse one.</summary>
internal enum IdSeries : byte
{
    RedditComments = 1,
    RedditPosts = 2,
}

/// <summary>Where an id lies beside the curve.</summary>
internal enum IdPlace
{
    /// <summary>Too few known ids near it to tell.</summary>
    Unknown,
    OnCurve,

    /// <summary>The platform gave ids like this at another time: the row's id or its date is made up.</summary>
    OffCurve,
}

/// <summary>When a platform gave which ids: immutable, safe on any thread.</summary>
internal sealed class IdTimeCurve
{
    public IdPlace Place(IdSeries series, ulong id, DateTimeOffset time) => throw new NotImplementedException();
}

/// <summary>One id with its time, for the curve.</summary>
internal readonly record struct IdSample(IdSeries Series, ulong Id, long UnixSeconds);

/// <summary>The rows of one export beside the curve, as they pass.</summary>
/// <param name="curve">As it was when the examination began.</param>
internal sealed class IdTimeCheck(IdTimeCurve curve)
{
    /// <summary>Rows that could be compared.</summary>
    public int Compared { get; private set; }

    public int OffCurve { get; private set; }

    public int Unknown { get; private set; }

    /// <summary>A few ids of the export for the curve, the same for the same export.</summary>
    public IReadOnlyList<IdSample> Samples => throw new NotImplementedException();

    /// <summary>Counts a row. One that lies off the curve is worth nothing (quality 0).</summary>
    public IdPlace Offer(IdSeries series, ulong id, DateTimeOffset time) => curve.Place(series, id, time);
}

/// <summary>The curve as this validator knows it: calibrated knots, and what proved accounts brought since.</summary>
internal sealed class IdTimePool
{
    public IdTimeCurve Current => throw new NotImplementedException();

    /// <summary>Takes in the samples of an accepted export of a proved account. Inside a transaction.</summary>
    public void Add(IReadOnlyList<IdSample> samples, AccountNumber account) => throw new NotImplementedException();
}
