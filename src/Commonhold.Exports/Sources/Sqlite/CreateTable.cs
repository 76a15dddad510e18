using System.Globalization;
using System.Text;

namespace Commonhold.Exports.Sources.Sqlite;

/// <summary>Reads the columns out of a <c>CREATE TABLE</c> statement as far as rows cannot be read without: names in order, which one is
/// the rowid, which are not stored, which hold reals, and what older rows have. The rest is passed over.</summary>
internal static class CreateTable
{
    private static readonly string[] TableConstraints = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

    private static readonly string[] ColumnConstraints =
        ["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS", "ON", "DEFERRABLE"];

    public static IReadOnlyList<SqliteColumn> Parse(string sql, string table, string file)
    {
        var tokens = SqlToken.Read(sql);
        var open = tokens?.FindIndex(t => t.IsMark('(')) ?? -1;
        if (tokens is null || open < 0 || !tokens[0].Is("CREATE") || tokens.Take(open).Any(t => t.Is("VIRTUAL")))
            throw SqliteRefusal.Schema(file, $"declares the table {table} in a way that cannot be read");
        var parts = Split(tokens, open + 1, out var end);
        for (var i = end; i + 1 < tokens.Count; i++)
        {
            if (tokens[i].Is("WITHOUT") && tokens[i + 1].Is("ROWID"))
                throw SqliteRefusal.Schema(file, $"has the table {table} without rowids, which this reader does not read");
        }

        // A lone PRIMARY KEY (x) names the rowid too, when x is INTEGER (SQLite, "ROWIDs and the INTEGER PRIMARY KEY").
        var key = parts.Select(LoneKey).FirstOrDefault(k => k is not null);
        var columns = new List<SqliteColumn>();
        var stored = 0;
        foreach (var part in parts)
        {
            if (part.Count == 0 || (part[0].Kind == SqlTokenKind.Word && TableConstraints.Contains(part[0].Text, StringComparer.OrdinalIgnoreCase)))
                continue;
            var column = Column(part, key);
            columns.Add(column.Stored < 0 ? column : column with { Stored = stored++ });
        }

        if (columns.Count == 0 || columns.DistinctBy(c => c.Name, StringComparer.OrdinalIgnoreCase).Count() != columns.Count)
            throw SqliteRefusal.Schema(file, $"declares the table {table} without columns, or one of them twice");
        return columns;
    }

    // The pieces between the outermost commas, up to the closing bracket.
    private static List<List<SqlToken>> Split(List<SqlToken> tokens, int at, out int end)
    {
        var parts = new List<List<SqlToken>> { new() };
        var depth = 0;
        for (; at < tokens.Count; at++)
        {
            var token = tokens[at];
            if (depth == 0 && token.IsMark(')'))
                break;
            if (depth == 0 && token.IsMark(','))
            {
                parts.Add([]);
                continue;
            }

            depth += token.IsMark('(') ? 1 : token.IsMark(')') ? -1 : 0;
            parts[^1].Add(token);
        }

        end = at;
        return parts;
    }

    private static string? LoneKey(List<SqlToken> part)
    {
        var at = part.Count > 2 && part[0].Is("CONSTRAINT") ? 2 : 0;
        return part.Count > at + 4 && part[at].Is("PRIMARY") && part[at + 1].Is("KEY") && part[at + 2].IsMark('(')
            && (part[at + 4].IsMark(')') || (part.Count > at + 5 && part[at + 5].IsMark(')')))
            ? part[at + 3].Text : null;
    }

    private static SqliteColumn Column(List<SqlToken> part, string? key)
    {
        var at = 1;
        var type = new StringBuilder();
        for (; at < part.Count && !IsConstraint(part[at]); at++)
            type.Append(type.Length > 0 ? " " : "").Append(part[at].Text);
        var declared = type.ToString();
        var isKey = part[0].Text.Equals(key, StringComparison.OrdinalIgnoreCase);
        bool isGenerated = false, isStored = false;
        object? standard = null;
        for (; at < part.Count; at++)
        {
            if (part[at].Is("PRIMARY"))
                isKey |= !(at + 2 < part.Count && part[at + 2].Is("DESC"));
            else if (part[at].Is("AS"))
                isGenerated = true;
            else if (part[at].Is("STORED"))
                isStored = true;
            else if (part[at].Is("DEFAULT"))
                standard = Default(part, at + 1, declared);
            else if (part[at].IsMark('('))
                at = Skip(part, at);
        }

        var isRowId = isKey && declared.Equals("INTEGER", StringComparison.OrdinalIgnoreCase);
        return new SqliteColumn(part[0].Text, isGenerated && !isStored ? -1 : 0, isRowId, IsReal(declared), standard);
    }

    private static bool IsConstraint(SqlToken token) =>
        token.Kind == SqlTokenKind.Word && ColumnConstraints.Contains(token.Text, StringComparer.OrdinalIgnoreCase);

    private static int Skip(List<SqlToken> part, int at)
    {
        var depth = 0;
        for (; at < part.Count; at++)
        {
            depth += part[at].IsMark('(') ? 1 : part[at].IsMark(')') ? -1 : 0;
            if (depth == 0)
                break;
        }

        return at;
    }

    // "Datatypes in SQLite" §3.1: the first of the rules that fits.
    private static bool Has(string type, string part) => type.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static bool IsText(string type) => !Has(type, "INT") && (Has(type, "CHAR") || Has(type, "CLOB") || Has(type, "TEXT"));

    private static bool IsReal(string type) =>
        !Has(type, "INT") && !IsText(type) && !Has(type, "BLOB") && (Has(type, "REAL") || Has(type, "FLOA") || Has(type, "DOUB"));

    private static bool IsNumber(string type) => type.Length > 0 && !IsText(type) && !Has(type, "BLOB");

    private static object? Default(List<SqlToken> part, int at, string type)
    {
        var sign = "";
        while (at < part.Count && (part[at].IsMark('-') || part[at].IsMark('+') || part[at].IsMark('(')))
            sign = part[at++].IsMark('-') ? "-" : sign;
        if (at >= part.Count)
            return null;
        var token = part[at];
        var isText = token.Kind is SqlTokenKind.Text or SqlTokenKind.Quoted;
        if (token.Is("NULL") || (token.Kind == SqlTokenKind.Word && !token.Is("TRUE") && !token.Is("FALSE")))
            return null;
        var text = token.Is("TRUE") ? "1" : token.Is("FALSE") ? "0" : isText ? token.Text : sign + token.Text;
        if (isText ? !IsNumber(type) : IsText(type))
            return Encoding.UTF8.GetBytes(text);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return integer;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : Encoding.UTF8.GetBytes(text);
    }
}
