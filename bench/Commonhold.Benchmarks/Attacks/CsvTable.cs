using System.Text;

namespace Commonhold.Benchmarks.Attacks;

/// <summary>One CSV file held whole, so that it can be altered. Reads RFC 4180 as exports have it; writes CRLF and quotes where needed.</summary>
internal sealed class CsvTable
{
    private static readonly char[] NeedQuotes = [',', '"', '\r', '\n'];

    public List<string> Header { get; private init; } = [];

    public List<string[]> Rows { get; private init; } = [];

    public int Column(string name) => Header.IndexOf(name);

    public static CsvTable Parse(string text)
    {
        var rows = new List<List<string>> { new() };
        var field = new StringBuilder();
        var quoted = false;
        for (var i = text.StartsWith('\uFEFF') ? 1 : 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[++i]);
            else if (c == '"')
                quoted = !quoted;
            else if (quoted || (c is not (',' or '\n' or '\r')))
                field.Append(c);
            else if (c != '\r')
            {
                rows[^1].Add(field.ToString());
                field.Clear();
                if (c == '\n')
                    rows.Add([]);
            }
        }

        if (field.Length > 0 || rows[^1].Count > 0)
            rows[^1].Add(field.ToString());
        rows.RemoveAll(r => r.Count == 0);
        return new CsvTable { Header = rows[0], Rows = [.. rows.Skip(1).Select(r => r.ToArray())] };
    }

    public CsvTable Clone() => new() { Header = [.. Header], Rows = [.. Rows.Select(r => r.ToArray())] };

    public byte[] ToBytes(bool withMark = false)
    {
        var text = new StringBuilder(withMark ? "\uFEFF" : "");
        foreach (var row in Rows.Prepend([.. Header]))
            text.AppendJoin(',', row.Select(f => Quote(f, row.Length == 1))).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Quote(string field, bool isAlone) =>
        field.IndexOfAny(NeedQuotes) >= 0 || (isAlone && field.Length == 0) ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
