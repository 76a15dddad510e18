namespace Commonhold.Server.Operations;

/// <summary>What has changed, for pages that show it. Nothing is queued: whoever listens compares counters, so a slow reader costs nothing.</summary>
internal sealed class Changes
{
    private static readonly Topic[] All = Enum.GetValues<Topic>();

    private readonly long[] _counters = new long[All.Length];
    private readonly Pulse _pulse = new();

    /// <summary>Take this before <see cref="Stand"/>, and wait on it after.</summary>
    public Task Next => _pulse.Next;

    public void Announce(params ReadOnlySpan<Topic> topics)
    {
        foreach (var topic in topics)
            Interlocked.Increment(ref _counters[(int)topic]);
        if (topics.Length > 0)
            _pulse.Beat();
    }

    public long Of(Topic topic) => Interlocked.Read(ref _counters[(int)topic]);

    public long[] Stand() => [.. All.Select(Of)];

    public static IReadOnlyList<Topic> Between(long[] before, long[] after) => [.. All.Where(topic => before[(int)topic] != after[(int)topic])];
}

/// <summary>Kinds of change; on the wire in lower case.</summary>
internal enum Topic
{
    Head,
    Proposals,
    Contributions,
    Requests,
    Revenue,
    Releases,
    Relay,
}
