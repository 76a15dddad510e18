using System.Text;

namespace Commonhold.Exports.Reddit;

/// <summary>Builds the CSV text of one made-up file, quoting as Reddit's exports do: only where it is needed, rows end in CRLF.</summary>
internal sealed class SampleTable
{
    private readonly StringBuilder _text = new();

    public SampleTable(string kind) => _text.Append(RedditFiles.Kind(kind).Header).Append("\r\n");

    public int Rows { get; private set; }

    public void Add(params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
                _text.Append(',');
            var field = fields[i];
            if (field.AsSpan().ContainsAny(",\"\r\n") || (field.Length == 0 && fields.Length == 1))
                _text.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            else
                _text.Append(field);
        }

        _text.Append("\r\n");
        Rows++;
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
