using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Catalogue;

/// <summary>What the validators' reports say of the dataset, added up.</summary>
/// <remarks>Guarantee: no figure is about fewer than five members. Flow: reports of committed contributions are read once each, in the order of
/// their batches; a chain that went back is read anew.</remarks>
internal sealed class QualityLedger(Database database) : IDisposable
{
    private const int AtATime = 500;
    private const int RefusalsLookedAt = 2000;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<string, KindSum> _kinds = new(StringComparer.Ordinal);
    private (long Batch, long Index) _read = (-1, -1);
    private Bytes32 _readRoot;

    public async Task<QualityFigures> SumAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await CatchUpAsync(cancellationToken);
            var counts = (await database.FindAsync<JudgedRow>("SELECT COUNT(*) AS Judged, COALESCE(SUM(accepted), 0) AS Accepted FROM verdicts", null, cancellationToken))!;
            var levels = await database.QueryAsync<LevelRow>("""
                SELECT v.level AS Level, COUNT(*) AS Count, COUNT(DISTINCT l.owner) AS Members
                FROM leaves l JOIN verdicts v ON v.ciphertext_digest = l.ciphertext_digest GROUP BY v.level ORDER BY v.level
                """, null, cancellationToken);
            return new QualityFigures(counts.Judged, counts.Accepted, Shown([.. levels.Select(l => (((EvidenceLevel)l.Level).Name(), l.Count, l.Members))]), Kinds(),
                Shown(await RefusalsAsync(cancellationToken)));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private List<KindFigures> Kinds()
    {
        var kinds = _kinds.OrderByDescending(k => k.Value.Rows).ToList();
        var hidden = SmallGroups.Hidden([.. kinds.Select(k => (long)k.Value.Members.Count)]);
        return [.. kinds.Select((k, i) => hidden.Contains(i)
            ? new KindFigures(k.Key, null, null, null)
            : new KindFigures(k.Key, k.Value.Rows, k.Value.NewRows, k.Value.Contributions))];
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (_read.Batch >= 0 && await RootAsync(_read.Batch, cancellationToken) != _readRoot)
        {
            _kinds.Clear();
            _read = (-1, -1);
        }

        IReadOnlyList<ReportRow> rows;
        do
        {
            rows = await database.QueryAsync<ReportRow>("""
                SELECT l.batch_id AS Batch, l.leaf_index AS LeafIndex, l.owner AS Owner, v.report AS Report
                FROM leaves l LEFT JOIN verdicts v ON v.ciphertext_digest = l.ciphertext_digest
                WHERE l.batch_id > @batch OR (l.batch_id = @batch AND l.leaf_index > @index) ORDER BY l.batch_id, l.leaf_index LIMIT @limit
                """, new { batch = _read.Batch, index = _read.Index, limit = AtATime }, cancellationToken);
            foreach (var row in rows)
                Take(row);
            if (rows.Count > 0)
                _read = (rows[^1].Batch, rows[^1].LeafIndex);
        }
        while (rows.Count == AtATime);
        if (_read.Batch >= 0)
            _readRoot = await RootAsync(_read.Batch, cancellationToken);
    }

    private void Take(ReportRow row)
    {
        // A node that came later has the leaves, from the manifests, and not the reports.
        if (row.Report is null || !Report.Parse(Convert.FromBase64String(row.Report)).TryGet(out var report, out _))
            return;
        foreach (var part in report.Value.Where(p => p.Rows > 0))
        {
            if (!_kinds.TryGetValue(part.Name, out var sum))
                _kinds[part.Name] = sum = new KindSum();
            (sum.Rows, sum.NewRows, sum.Contributions) = (sum.Rows + (long)part.Rows, sum.NewRows + (long)part.NewRows, sum.Contributions + 1);
            // Whether there are enough is all that is asked.
            if (sum.Members.Count < SmallGroups.Least)
                sum.Members.Add(row.Owner);
        }
    }

    private async Task<IReadOnlyList<(string Name, long Count, long Members)>> RefusalsAsync(CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<ReportRow>("""
            SELECT c.owner AS Owner, v.report AS Report FROM verdicts v JOIN contributions c ON c.ciphertext_digest = v.ciphertext_digest
            WHERE v.accepted = 0 ORDER BY v.received_at DESC LIMIT @limit
            """, new { limit = RefusalsLookedAt }, cancellationToken);
        return [.. rows.Select(r => (r.Owner, Code: Report.Parse(Convert.FromBase64String(r.Report!)).TryGet(out var report, out _) ? report.Refusal?.Code : null))
            .Where(r => r.Code is not null).GroupBy(r => r.Code!).OrderByDescending(g => g.Count())
            .Select(g => (g.Key, (long)g.Count(), (long)g.Select(r => r.Owner).Distinct().Count()))];
    }

    private static List<Group> Shown(IReadOnlyList<(string Name, long Count, long Members)> groups)
    {
        var hidden = SmallGroups.Hidden([.. groups.Select(g => g.Members)]);
        return [.. groups.Select((g, i) => new Group(g.Name, hidden.Contains(i) ? null : g.Count))];
    }

    private async Task<Bytes32> RootAsync(long batch, CancellationToken cancellationToken) =>
        await database.FindAsync<Bytes32?>("SELECT root FROM batches WHERE batch_id = @batch", new { batch }, cancellationToken) ?? default;

    private sealed class KindSum
    {
        public long Rows { get; set; }
        public long NewRows { get; set; }
        public long Contributions { get; set; }
        public HashSet<Address> Members { get; } = [];
    }

    private sealed record JudgedRow
    {
        public long Judged { get; init; }
        public long Accepted { get; init; }
    }

    private sealed record LevelRow
    {
        public long Level { get; init; }
        public long Count { get; init; }
        public long Members { get; init; }
    }

    private sealed record ReportRow
    {
        public long Batch { get; init; }
        public long LeafIndex { get; init; }
        public Address Owner { get; init; }
        public string? Report { get; init; }
    }
}
