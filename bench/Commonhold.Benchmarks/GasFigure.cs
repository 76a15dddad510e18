using System.Globalization;
using System.Text.Json;

namespace Commonhold.Benchmarks;

/// <summary>Gas of every operation, as the contract tests last wrote it down, beside its budget and beside the peers' measured figures.</summary>
/// <remarks>Measures nothing anew: the snapshots are committed and forge's tests fail when they are stale.</remarks>
internal sealed class GasFigure : IFigure
{
    private const string Snapshot = "contracts/snapshots/transactions.json";
    private const int Batch = 1000;

    /// <summary>Budgets and peers of design.md §8; a peer of 0 is none.</summary>
    private static readonly Row[] Rows =
    [
        new("one contribution of a thousand", 150, 1_818_027, gas => gas["commitBatch, 1,000 contributions, 2 signatures"] / Batch),
        new("claim rewards, first", 285_000, 282_000, gas => gas["claim rewards, first, 1,000 accounts"]),
        new("claim rewards, later", 155_000, 151_000, gas => gas["claim rewards, later, 1,000 accounts"]),
        new("pay revenue to all holders", 105_000, 120_334, gas => gas["distribute revenue"]),
        new("claim revenue, first", 95_000, 128_291, gas => gas["claim revenue, first"]),
        new("claim revenue, later", 62_000, 76_991, gas => gas["claim revenue, later"]),
        new("each further distribution", 9_000, 0, gas => (gas["claim revenue, eleven distributions"] - gas["claim revenue, later"]) / 10),
        new("request with escrow", 190_000, 312_614, gas => gas["request with escrow"]),
        new("cast a vote, first", 90_000, 83_093, gas => gas["cast a vote, first of the proposal"]),
        new("cast a vote, later", 70_000, 65_993, gas => gas["cast a vote, later"]),
    ];

    public string Name => "gas";

    public string Description => "gas of every operation beside its budget and the peers' (contracts/snapshots)";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        var gas = await ReadAsync(cancellationToken);
        var details = new Dictionary<string, double>();
        foreach (var row in Rows)
        {
            var ours = row.Ours(gas);
            details[row.Name] = ours;
            details[row.Name + " ÷ budget"] = ours / row.Budget;
            if (row.Peer > 0)
                details[row.Name + " ÷ peer"] = ours / row.Peer;
            await log.WriteLineAsync($"gas: {row.Name}: {ours:N0}, {ours / row.Budget:0.00} × the budget of {row.Budget:N0}"
                + (row.Peer > 0 ? $", {ours / row.Peer:0.0000} × the peer's {row.Peer:N0}" : ""));
        }

        var worst = Rows.MaxBy(row => row.Ours(gas) / row.Budget)!;
        var ratio = worst.Ours(gas) / worst.Budget;
        return new FigureResult(Name, $"gas, {worst.Name}", worst.Ours(gas), worst.Budget, ratio, "≤ 1 × the budget, everywhere", ratio <= 1, details);
    }

    private static async Task<Dictionary<string, double>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(Path.Combine(Machine.Repository(), Snapshot));
        using var snapshot = await JsonDocument.ParseAsync(file, cancellationToken: cancellationToken);
        return snapshot.RootElement.EnumerateObject().ToDictionary(
            entry => entry.Name, entry => double.Parse(entry.Value.GetString()!, CultureInfo.InvariantCulture));
    }

    private sealed record Row(string Name, double Budget, double Peer, Func<Dictionary<string, double>, double> Ours);
}
