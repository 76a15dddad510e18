namespace Commonhold.Exports.Csv;

/// <summary>A stream as the source of a CSV file.</summary>
internal sealed class StreamCsvSource(string name, Stream content) : ICsvSource
{
    public string Name => name;

    public int Read(Span<byte> buffer) => content.Read(buffer);
}
