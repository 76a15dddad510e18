using System.Buffers;
using System.Security.Cryptography;
using Commonhold.Exports.Sources;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Tables;

/// <summary>An entry of a provider's export, opened by the reader of its form.</summary>
internal sealed class SourceFile : IDisposable
{
    private const int MaxCopyBytes = 512 << 20;
    private readonly EntryStream _entry;
    private readonly Stream? _copy;

    private SourceFile(EntryStream entry, Stream? copy, IRecordReader reader) => (_entry, _copy, Reader) = (entry, copy, reader);

    public IRecordReader Reader { get; }

    /// <summary>Opens it to be read whole.</summary>
    public static SourceFile Open(ExportSource export, ExportEntry entry, SourceDefinition source, IncrementalHash sha256)
    {
        var stream = export.Open(entry);
        stream.HashInto(sha256);
        return Open(stream, export, source);
    }

    /// <summary>Opens it for a look at the first records, which counts towards no limit.</summary>
    public static SourceFile Probe(ExportSource export, ExportEntry entry, SourceDefinition source)
    {
        // What is not a database is not copied to find that out.
        if (source.Reader == RecordReaders.Sqlite && !export.Peek(entry, 16).AsSpan().SequenceEqual("SQLite format 3\0"u8))
            throw new ExportRefusedException("export.sqlite", $"{ZipFormat.Show(entry.Name)} is not an SQLite database.", SourceRefusal.Hint);
        return Open(new EntryStream(export.Raw, entry), export, source);
    }

    /// <summary>The SHA-256 of the whole file; call once, when every record was read.</summary>
    public byte[] Finish()
    {
        // What stands behind the last record (a trailing line end) is the file's too.
        var rest = ArrayPool<byte>.Shared.Rent(1 << 16);
        while (_entry.Read(rest) > 0)
        {
        }

        ArrayPool<byte>.Shared.Return(rest, clearArray: true);
        return _entry.FinishHash();
    }

    public void Dispose()
    {
        Reader.Dispose();
        _copy?.Dispose();
        _entry.Dispose();
    }

    private static SourceFile Open(EntryStream stream, ExportSource export, SourceDefinition source)
    {
        Stream? copy = null;
        try
        {
            if (RecordReaders.Seeks(source.Reader) && export.IsArchive)
                copy = Copy(stream);
            var content = copy ?? (RecordReaders.Seeks(source.Reader) ? export.Raw : stream);
            var reader = RecordReaders.Open(
                source.Reader, content, ZipFormat.ShowFile(stream.Name), new RecordSelection(source.Records, source.Fields), export.Limits, source.Delimiter);
            return new SourceFile(stream, copy, reader);
        }
        catch
        {
            copy?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    // A database is read by seeking and an archive's entry from front to back; a copy on a disk would be one more to forget.
    private static MemoryStream Copy(EntryStream stream)
    {
        if (stream.Length > MaxCopyBytes)
            throw new ExportRefusedException(
                "export.too_large", $"{ZipFormat.Show(stream.Name)} is a database of more than {MaxCopyBytes:N0} bytes inside an archive.", "Unpack it and pass the database itself.");
        var copy = new MemoryStream((int)stream.Length);
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }
}
