namespace Commonhold.Benchmarks;

/// <summary>One figure, measured beside a peer or a limit in the same run.</summary>
/// <param name="Name">What `commonhold-bench NAME` calls it.</param>
/// <param name="Unit">Of <paramref name="Ours"/> and <paramref name="Peer"/>.</param>
/// <param name="Ours">Our rate or time.</param>
/// <param name="Peer">The peer's, in the same run.</param>
/// <param name="Ratio">Ours beside the peer; the goal is about this and says which way is better.</param>
/// <param name="Goal">The goal in words, such as "≥ 2".</param>
/// <param name="Met">Whether all of the goal was met.</param>
/// <param name="Details">Every other number that was measured.</param>
public sealed record FigureResult(
    string Name, string Unit, double Ours, double Peer, double Ratio, string Goal, bool Met,
    IReadOnlyDictionary<string, double> Details);
