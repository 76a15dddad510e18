using System.Globalization;
using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Commonhold.Validator.Uniqueness.Owners;

/// <summary>What an <see cref="OwnerMap"/> has in the state's database: its newest changes and the list of its files.</summary>
internal sealed class OwnerStore(SqliteConnection connection, string directory, string map)
{
    public const string Schema =
        """
        CREATE TABLE IF NOT EXISTS owner_changes (
            change INTEGER PRIMARY KEY AUTOINCREMENT, map TEXT NOT NULL, account INTEGER NOT NULL, keys BLOB NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS owner_segments (map TEXT NOT NULL, change INTEGER NOT NULL, PRIMARY KEY (map, change)) STRICT;
        """;

    public string PathOf(long change) => Path.Combine(directory, $"{map}-{change:x}{OwnerSegment.Extension}");

    /// <summary>The newest change in each file, newest first.</summary>
    public IEnumerable<long> Segments() =>
        connection.Query<long>("SELECT change FROM owner_segments WHERE map = @map ORDER BY change DESC", new { map });

    /// <summary>Changes that are in no file yet, in order.</summary>
    public IEnumerable<(long Change, uint Account, ulong[] Keys)> Changes() =>
        connection.Query<(long Change, long Account, byte[] Keys)>(
            "SELECT change, account, keys FROM owner_changes WHERE map = @map ORDER BY change", new { map }, buffered: false)
            .Select(c => (c.Change, (uint)c.Account, MemoryMarshal.Cast<byte, ulong>(c.Keys).ToArray()));

    /// <returns>The change's number, above all before it.</returns>
    public long AddChange(uint account, ReadOnlySpan<ulong> keys) =>
        connection.ExecuteScalar<long>(
            "INSERT INTO owner_changes (map, account, keys) VALUES (@map, @account, @keys) RETURNING change",
            new { map, account = (long)account, keys = MemoryMarshal.AsBytes(keys).ToArray() });

    /// <summary>Takes a file into the list, in place of the changes up to it and of the files that were merged into it.</summary>
    public void List(long change, IEnumerable<string> replaced)
    {
        using var transaction = connection.BeginTransaction();
        foreach (var path in replaced)
            connection.Execute("DELETE FROM owner_segments WHERE map = @map AND change = @change", new { map, change = ChangeOf(path) });
        connection.Execute("DELETE FROM owner_changes WHERE map = @map AND change <= @change", new { map, change });
        connection.Execute("INSERT INTO owner_segments (map, change) VALUES (@map, @change)", new { map, change });
        transaction.Commit();
    }

    /// <summary>Deletes files of this map that are not in the list.</summary>
    public void DeleteStrayFiles()
    {
        var listed = Segments().Select(PathOf).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(directory, $"{map}-*{OwnerSegment.Extension}*").Where(path => !listed.Contains(path)))
            File.Delete(path);
    }

    private long ChangeOf(string path) =>
        long.Parse(Path.GetFileNameWithoutExtension(path).AsSpan(map.Length + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
