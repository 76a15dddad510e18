using System.Text;

namespace Commonhold.Exports.Sources.Xml;

/// <summary>Strict UTF-8 text that stops an XML reader from gathering more in one piece than a record may have.</summary>
internal sealed class MeteredText(Stream stream, string name, SourceLimits limits) : TextReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    // What the XML reader took ahead of the record in its buffer counts too.
    private const int ReadAhead = 16 << 10;

    private readonly StreamReader _text = new(stream, Strict, detectEncodingFromByteOrderMarks: false, 64 << 10, leaveOpen: true);
    private long _read;
    private long _mark;

    /// <summary>What was read so far was used.</summary>
    public void Mark() => _mark = _read;

    public override int Read(char[] buffer, int index, int count)
    {
        if (_read - _mark > limits.MaxRecordBytes + ReadAhead)
            throw SourceRefusal.TooLong(name, limits.MaxRecordBytes);
        if (_read > limits.MaxFileBytes)
            throw SourceRefusal.TooLarge(name, limits.MaxFileBytes);
        try
        {
            var read = _text.Read(buffer, index, count);
            _read += read;
            return read;
        }
        catch (DecoderFallbackException)
        {
            throw SourceRefusal.NotUtf8(name);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _text.Dispose();
        base.Dispose(disposing);
    }
}
