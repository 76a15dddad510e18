using System.Globalization;
using System.Numerics;
using Commonhold.Server.Operations;
using Commonhold.Server.Relay;
using Commonhold.Server.Storage;
using Commonhold.Ethereum;

namespace Commonhold.Server.Operate;

/// <summary>Notes the relayer's balance from time to time, so that the page can say how long it lasts.</summary>
internal sealed class RelayerMeter(RelaySimulator relayer, Relayer key, Database database, TimeProvider time, ILogger<RelayerMeter> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5), Kept = TimeSpan.FromDays(7), LeastKnown = TimeSpan.FromHours(1);

    /// <summary>What it spent over the time that is known, at most a week. Money that was sent to it does not count.</summary>
    public async Task<RelayerStanding> ReadAsync(CancellationToken cancellationToken)
    {
        if (key.Key is null)
            return new RelayerStanding(null, null, null, null);
        BigInteger balance;
        try
        {
            balance = await relayer.BalanceAsync(cancellationToken);
        }
        catch (EthereumException)
        {
            return new RelayerStanding(key.Key.Address, null, null, null); // The page says that the chain does not answer.
        }

        var notes = (await database.QueryAsync<Note>("SELECT at AS At, balance AS Balance FROM relayer_balances ORDER BY at", null, cancellationToken))
            .Append(new Note { At = Now, Balance = balance.ToString(CultureInfo.InvariantCulture) }).ToList();
        return new RelayerStanding(key.Key.Address, balance, Spent(notes), TimeSpan.FromSeconds(notes[^1].At - notes[0].At));
    }

    internal static BigInteger Spent(IReadOnlyList<Note> notes) =>
        notes.Zip(notes.Skip(1), (before, after) => before.Wei - after.Wei).Where(less => less.Sign > 0).Aggregate(BigInteger.Zero, (sum, less) => sum + less);

    /// <summary>Null while too little is known, or nothing is spent.</summary>
    internal static double? DaysLeft(BigInteger balance, BigInteger spent, TimeSpan over) =>
        over < LeastKnown || spent <= 0 ? null : (double)balance / (double)spent * over.TotalDays;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (key.Key is null)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                await NoteAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task NoteAsync(CancellationToken cancellationToken)
    {
        try
        {
            var balance = (await relayer.BalanceAsync(cancellationToken)).ToString(CultureInfo.InvariantCulture);
            await database.ExecuteAsync("""
                INSERT INTO relayer_balances (at, balance) VALUES (@Now, @balance) ON CONFLICT (at) DO NOTHING;
                DELETE FROM relayer_balances WHERE at < @before;
                """, new { Now, balance, before = Now - (long)Kept.TotalSeconds }, cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            log.LogWarning("The relayer's balance could not be noted: {Reason}", problem.Message);
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    internal sealed record Note
    {
        public long At { get; init; }
        public string Balance { get; init; } = "0";

        public BigInteger Wei => BigInteger.Parse(Balance, CultureInfo.InvariantCulture);
    }
}

/// <param name="Account">Null when this node relays nothing.</param>
/// <param name="Balance">Wei; null when the chain does not answer.</param>
/// <param name="Spent">Over <paramref name="Over"/>.</param>
internal sealed record RelayerStanding(Address? Account, BigInteger? Balance, BigInteger? Spent, TimeSpan? Over)
{
    public double? DaysLeft => Balance is { } balance && Spent is { } spent && Over is { } over ? RelayerMeter.DaysLeft(balance, spent, over) : null;
}
