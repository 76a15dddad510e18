using Dapper;
using Microsoft.Data.Sqlite;

namespace Commonhold.Validator.Value;

/// <summary>The cells that all accounts without a proof share: since wallets cost nothing, nobody can tell them from one person.</summary>
internal sealed class PoolCells(SqliteConnection connection)
{
    public const string Schema = "CREATE TABLE IF NOT EXISTS pool_cells (cell INTEGER PRIMARY KEY, quality INTEGER NOT NULL) STRICT;";

    /// <summary>The quality that the pool holds in each of these cells; those that it does not hold are left out.</summary>
    public Dictionary<ulong, long> Find(IEnumerable<ulong> cells)
    {
        var found = new Dictionary<ulong, long>();

        // The cells are our own numbers, so they can stand in the text.
        foreach (var part in cells.Chunk(1000))
        {
            foreach (var (cell, quality) in connection.Query<(long, long)>(
                $"SELECT cell, quality FROM pool_cells WHERE cell IN ({string.Join(',', part.Select(c => (long)c))})"))
                found[(ulong)cell] = quality;
        }

        return found;
    }

    /// <summary>Changes what the pool holds in each cell. Inside a transaction.</summary>
    public void Add(IEnumerable<KeyValuePair<ulong, long>> changes)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "INSERT INTO pool_cells (cell, quality) VALUES ($cell, $change) ON CONFLICT (cell) DO UPDATE SET quality = quality + excluded.quality";
        var cell = command.Parameters.Add("$cell", SqliteType.Integer);
        var change = command.Parameters.Add("$change", SqliteType.Integer);
        foreach (var (at, by) in changes)
        {
            (cell.Value, change.Value) = ((long)at, by);
            command.ExecuteNonQuery();
        }
    }
}
