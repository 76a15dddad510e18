namespace Commonhold.Exports.Csv;

/// <summary>Bytes with a name for messages: an entry of an archive, or a buffer.</summary>
internal interface ICsvSource
{
    string Name { get; }

    /// <summary>Fills what it can of the buffer; 0 at the end.</summary>
    int Read(Span<byte> buffer);
}
