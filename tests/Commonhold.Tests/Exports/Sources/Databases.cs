using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Commonhold.Tests.Exports.Sources;

/// <summary>Databases written by SQLite itself, and what it reads from them.</summary>
internal sealed class Databases : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"commonhold-{Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8))}.sqlite");
    private readonly SqliteConnection _connection;

    public Databases(params string[] pragmas)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false }.ToString());
        _connection.Open();
        Run([.. pragmas.Select(p => $"PRAGMA {p}"), "PRAGMA synchronous = OFF"]);
    }

    public void Run(params string[] statements)
    {
        foreach (var statement in statements)
            Insert(statement);
    }

    public void Insert(string statement, params object?[] values)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = statement;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i}", values[i] ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    /// <summary>Does much in one transaction.</summary>
    public void Together(Action work)
    {
        Run("BEGIN");
        work();
        Run("COMMIT");
    }

    /// <summary>Rows as SQLite gives them, in the form of <see cref="Records.Show"/>.</summary>
    public List<string> Select(string query)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Show(reader.GetValue(i)))));
        return rows;
    }

    /// <summary>The file as it stands now.</summary>
    public byte[] Bytes()
    {
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    public void Dispose()
    {
        _connection.Dispose();
        foreach (var path in (string[])[_path, _path + "-wal", _path + "-shm"])
            File.Delete(path);
    }

    private static string Show(object value) => value switch
    {
        DBNull => "null",
        long integer => integer.ToString(CultureInfo.InvariantCulture),
        double real => real.ToString("R", CultureInfo.InvariantCulture) + "r",
        byte[] blob => "x" + Convert.ToHexString(blob),
        _ => $"'{value}'",
    };
}
