using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Commonhold.Exports.Tables.Cells;

/// <summary>Room in which cells are rewritten; one for each pass, so that a cell costs no allocation.</summary>
internal sealed class CellScratch
{
    private readonly ArrayBufferWriter<byte> _json = new();
    private char[] _chars = new char[1024];

    /// <summary>For short plain forms: numbers and times.</summary>
    public byte[] Short { get; } = new byte[128];

    /// <summary>The text as characters, valid until the next call.</summary>
    public ReadOnlySpan<char> Chars(ReadOnlySpan<byte> utf8)
    {
        if (_chars.Length < utf8.Length)
            _chars = new char[utf8.Length * 2];
        return _chars.AsSpan(0, Encoding.UTF8.GetChars(utf8, _chars));
    }

    /// <summary>JSON without needless space, its members in their order; false when it is none, or no object or array as wanted.</summary>
    public bool TryMinify(ReadOnlySpan<byte> json, JsonTokenType? wanted, out ReadOnlySpan<byte> minified)
    {
        minified = default;
        _json.ResetWrittenCount();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
            if (!reader.Read() || (wanted is { } start && reader.TokenType != start))
                return false;
            using var writer = new Utf8JsonWriter(_json, new JsonWriterOptions { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.Read())
                return false;
            document.RootElement.WriteTo(writer);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperation: half a surrogate pair, which is JSON but no text.
            return false;
        }

        minified = _json.WrittenSpan;
        return true;
    }
}
