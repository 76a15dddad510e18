using System.Runtime.InteropServices;

namespace Commonhold.Exports;

/// <summary>Counts rows by kind and month while they pass.</summary>
/// <param name="kinds">How many kinds there can be; they are numbered from 0.</param>
internal sealed class MonthCounts(int kinds)
{
    private readonly Dictionary<int, long>?[] _byKind = new Dictionary<int, long>?[kinds];

    public void Count(int kind, DateTimeOffset at) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_byKind[kind] ??= [], (at.Year * 12) + at.Month - 1, out _)++;

    public IReadOnlyList<(string Month, long Rows)> ByMonth() =>
        [.. _byKind.OfType<Dictionary<int, long>>().SelectMany(m => m).GroupBy(m => m.Key).OrderBy(g => g.Key)
            .Select(g => (Name(g.Key), g.Sum(m => m.Value)))];

    public IEnumerable<(string Kind, string Month, long Rows)> Of(int kind, string name) =>
        (_byKind[kind] ?? []).OrderBy(m => m.Key).Select(m => (name, Name(m.Key), m.Value));

    private static string Name(int month) => string.Create(null, $"{month / 12:0000}-{(month % 12) + 1:00}");
}
