using Commonhold.Server.Indexer;
using Commonhold.Server.Storage;
using Dapper;

namespace Commonhold.ServerTests.Node;

/// <summary>Every row that follows from chain and storage, as text, to compare one index with another.</summary>
internal static class TableDump
{
    public static async Task<IReadOnlyList<string>> OfAsync(RunningNode node)
    {
        await using var connection = await node.Get<Database>().OpenAsync(default);
        var lines = new List<string>();
        foreach (var table in ChainTables.Derived.Append("contributions").Append("verdicts"))
            foreach (IDictionary<string, object?> row in await connection.QueryAsync($"SELECT * FROM {table}"))
                lines.Add(table + ": " + string.Join(", ", row.Select(cell => $"{cell.Key}={cell.Value}")));
        return [.. lines.Order(StringComparer.Ordinal)];
    }
}
