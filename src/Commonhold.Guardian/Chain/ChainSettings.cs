namespace Commonhold.Guardians.Chain;

/// <summary>How a guardian reads its chain.</summary>
/// <param name="Finality">How deep a block must lie; <c>finalized</c> unless told otherwise.</param>
/// <param name="MaxChainAge">How far the newest block's time may be from the own clock, either way; null for a trial
/// chain, whose time is moved by hand.</param>
internal sealed record ChainSettings(FinalityRule Finality, TimeSpan? MaxChainAge)
{
    public static readonly TimeSpan DefaultMaxChainAge = TimeSpan.FromMinutes(10);
}
