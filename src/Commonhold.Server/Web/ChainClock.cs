namespace Commonhold.Server.Web;

/// <summary>How far the chain's clock is ahead of ours, so that pages tell chain times as the chain does.</summary>
/// <remarks>A trial's chain may be minutes ahead, because whoever tries it lets time pass; on any other chain a few seconds are noise.</remarks>
internal sealed class ChainClock
{
    private const long NoiseSeconds = 5;
    private long _aheadSeconds;

    /// <summary>0, or more than the noise.</summary>
    public long AheadSeconds => Volatile.Read(ref _aheadSeconds);

    public void Show(long chainTime, DateTimeOffset now)
    {
        var ahead = chainTime - now.ToUnixTimeSeconds();
        Volatile.Write(ref _aheadSeconds, ahead > NoiseSeconds ? ahead : 0);
    }
}
