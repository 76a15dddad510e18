using System.Globalization;
using System.Text;

namespace Commonhold.Exports.Sources.Sqlite;

/// <summary>A column as <c>CREATE TABLE</c> declares it.</summary>
/// <param name="Stored">Its place in a row; −1 when the row does not hold it.</param>
/// <param name="IsRowId">It is another name of the rowid.</param>
/// <param name="IsReal">Integers in it are reals, kept short.</param>
/// <param name="Default">What a row has that is older than the column; null for NULL.</param>
internal sealed record SqliteColumn(string Name, int Stored, bool IsRowId, bool IsReal, object? Default)
{
    /// <summary>The column's value in a row; false when it has none, as where a column is computed.</summary>
    public bool TryGet(SqliteRow row, out SourceValue value)
    {
        value = default;
        if (IsRowId)
            value = SourceValue.FromInteger(row.RowId);
        else if (Stored < 0)
            return false;
        else if (Stored < row.Count)
            value = row[Stored];
        else
            value = Default switch
            {
                long integer => SourceValue.FromInteger(integer),
                double real => SourceValue.FromReal(real),
                byte[] text => SourceValue.Text(text),
                _ => SourceValue.Null,
            };
        if (IsReal && value.Kind == SourceKind.Integer)
            value = SourceValue.FromReal(value.Integer);
        return true;
    }
}

/// <summary>A table's columns and where its rows are.</summary>
internal sealed record SqliteTable(string Name, uint Root, IReadOnlyList<SqliteColumn> Columns)
{
    public SqliteColumn? Column(string name) =>
        Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads <c>sqlite_schema</c>, whose rows begin on page 1, for the tables that are asked for.</summary>
    public static IReadOnlyDictionary<string, SqliteTable> Find(SqlitePages pages, IReadOnlyCollection<string> names, SourceLimits limits)
    {
        var found = new Dictionary<string, SqliteTable>(StringComparer.OrdinalIgnoreCase);
        var tree = new SqliteTree(pages, 1, limits);
        var row = new SqliteRow(pages.Header.Encoding);
        for (var count = 0; tree.Next(row); count++)
        {
            if (count > limits.MaxMembers)
                throw SqliteRefusal.Schema(pages.Name, $"has more than {limits.MaxMembers:N0} tables and indexes");
            if (row.Count < 5)
                throw SqliteRefusal.Damaged(pages.Name, "has a broken list of tables");
            if (Text(row[0]) != "table" || Text(row[1]) is not { } name || !names.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;
            if (row[3] is not { Kind: SourceKind.Integer, Integer: > 1 and <= uint.MaxValue } root || Text(row[4]) is not { } sql)
                throw SqliteRefusal.Schema(pages.Name, $"has no rows of its own in the table {name}");
            if (!found.TryAdd(name, new SqliteTable(name, (uint)root.Integer, CreateTable.Parse(sql, name, pages.Name))))
                throw SqliteRefusal.Damaged(pages.Name, $"has two tables called {name}");
        }

        return found;

        static string? Text(SourceValue value) => value.Kind == SourceKind.Text ? Encoding.UTF8.GetString(value.Bytes) : null;
    }
}
