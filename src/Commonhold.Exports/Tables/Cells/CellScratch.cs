using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Commonhold.Exports.Tables.Cells;

/// <summary>Room in which cells are rewritten; one for each pass, so that a cell costs no allocation.</summary>
internal sealed class CellScratch
{
    private static readonly JsonWriterOptions Relaxed = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _json = new();
    private Utf8JsonWriter? _writer;
    private byte[] _text = new byte[1024];
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
        _writer ??= new Utf8JsonWriter(_json, Relaxed);
        _writer.Reset();
        if (_text.Length < json.Length)
            _text = new byte[json.Length * 2];
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
            if (!reader.Read() || (wanted is { } start && reader.TokenType != start))
                return false;
            do
                Copy(ref reader, _writer);
            while (reader.Read());
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperation: half a surrogate pair, which is JSON but no text.
            return false;
        }

        _writer.Flush();
        minified = _json.WrittenSpan;
        return true;
    }

    private void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(Text(ref reader));
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(Text(ref reader));
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }

    private ReadOnlySpan<byte> Text(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? _text.AsSpan(0, reader.CopyString(_text)) : reader.ValueSpan;
}
