using System.Security.Cryptography;
using Commonhold.Exports.Csv;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Tables.Transforms;
using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Tables;

/// <summary>One reading of an export, in either form: rows in plain form go to the checks, the summary, the visitor and, with a
/// stream for it, into the cleaned form.</summary>
/// <remarks>Flat memory: one row is held at a time. A source's file is read once for each table that it fills.</remarks>
internal sealed class TablePass(
    FormatDefinition format, ExportSource export, RecordVisitor? visitor, Stream? cleaned, CancellationToken cancellationToken)
{
    private readonly RecordMaker _records = new(export.Limits);
    private readonly TransformRoom _room = new();
    private readonly List<FileReading> _files = [];
    private readonly List<DroppedItem> _private = [];
    private readonly Dictionary<string, byte[]> _digests = new(StringComparer.Ordinal);
    private readonly ZipWriter? _zip = cleaned is null ? null : new ZipWriter(cleaned);
    private TableSummary _summary = null!;
    private StructureChecks _checks = null!;
    private ExportAccount _account = null!;
    private long _rows;

    /// <summary>Reads the cleaned form.</summary>
    public ExportReading ReadCleaned()
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (tables, account) = PackageJson.Read(format, ReadPackageFile(sha256));
        if (export.Entries.FirstOrDefault(e => e.Name != PackageJson.FileName && tables.All(t => t.FileName != e.Name)) is { } unknown)
            throw new ExportRefusedException(
                "export.unknown_file", $"The entry {ZipFormat.Show(unknown.Name)} is not one of the tables that {PackageJson.FileName} names.",
                "Contribute with `commonhold contribute`: it leaves out what is private.");
        Begin(account, tables);
        using var reader = new CsvReader(export.Limits);
        foreach (var table in tables)
        {
            var entry = export.Find(table.FileName) ?? throw new ExportRefusedException(
                "export.package_invalid", $"{PackageJson.FileName} names {table.FileName}, which is not there.", "Clean the export again.");
            WriteTable(table, writer => ReadTable(entry, table, reader, sha256, writer));
        }

        return Conclude(ExportProfile.Cleaned, FormatConfidence.Confirmed);
    }

    /// <summary>Reads the provider's own form.</summary>
    public ExportReading ReadSources(SourcePlan plan)
    {
        if (plan.Confidence is not { } confidence)
            throw plan.Broken ?? new ExportRefusedException(
                "export.not_recognised", $"No file of a {format.Title} was found.", $"Looked for {format.LookedFor}.");
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var tables = format.Tables.Where((_, place) => plan.Ordered(place).Any()).ToList();
        Begin(new AccountReader(format, export, _room).Read(plan, _private), tables);
        for (var place = 0; place < format.Tables.Count; place++)
        {
            var (table, files) = (format.Tables[place], plan.Ordered(place).ToList());
            if (files.Count == 0)
                continue;
            WriteTable(table, writer =>
            {
                var checks = ChecksOf(table);
                foreach (var file in files)
                    ReadFile(file, table, checks, sha256, writer);
            });
        }

        _private.AddRange(LeftOutFiles.Of(format, export, plan));
        return Conclude(ExportProfile.Original, confidence);
    }

    private void Begin(ExportAccount account, IReadOnlyList<TableDefinition> tables)
    {
        // Made up in a package by hand: each invented name would be another account, of one and the same wallet.
        if (account.Id is not null && !format.NamesAccount)
            throw new ExportRefusedException(
                "export.package_invalid", $"{PackageJson.FileName} names an account, which a {format.Title} does not.", "Clean the export again.");
        _account = account.Id is not null || !format.NamesAccount ? account : throw new ExportRefusedException(
            "export.account_missing", $"The export does not say whose account of {format.Platform} it is.", "Pass the whole archive as you received it.");
        _summary = new TableSummary(format, _records.Places);
        _checks = new StructureChecks(format, account, export.Limits);
        visitor?.OnAccount(account);
        var package = PackageJson.Write(format, tables, account);
        _zip?.Add(PackageJson.FileName, stream => stream.Write(package));
    }

    private byte[] ReadPackageFile(IncrementalHash sha256)
    {
        var entry = export.Find(PackageJson.FileName)!;
        using var stream = export.Open(entry);
        stream.HashInto(sha256);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        _digests[entry.Name] = stream.FinishHash();
        return bytes.ToArray();
    }

    private void WriteTable(TableDefinition table, Action<PlainCsvWriter?> read)
    {
        if (_zip is null)
        {
            read(null);
            return;
        }

        _zip.Add(table.FileName, stream =>
        {
            var writer = new PlainCsvWriter(stream);
            writer.WriteHeader(table);
            read(writer);
            writer.Flush();
        });
    }

    private void ReadTable(ExportEntry entry, TableDefinition table, CsvReader reader, IncrementalHash sha256, PlainCsvWriter? writer)
    {
        using var stream = export.Open(entry);
        stream.HashInto(sha256);
        reader.Reset(stream);
        var rows = new PackageRows(reader, table, ChecksOf(table), _room.Cells);
        var row = new RowBuffer(table);
        var count = 0L;
        while (rows.Fill(row))
        {
            count++;
            Take(row, entry.Name, reader.RowNumber, writer);
        }

        _digests[entry.Name] = stream.FinishHash();
        _files.Add(new FileReading(entry.Name, table.Name, entry.Size, count, FormatConfidence.Confirmed, FileIntegrity.NotChecked));
    }

    private void ReadFile(PlannedFile file, TableDefinition table, FieldCheck[] checks, IncrementalHash sha256, PlainCsvWriter? writer)
    {
        using var source = SourceFile.Open(export, file.Entry, file.Source, sha256);
        var rows = new SourceRows(ZipFormat.ShowFile(file.Entry.Name), file.Source, table, checks, _room, export.Limits);
        var row = new RowBuffer(table);
        var (records, count) = (0L, 0L);
        while (source.Reader.Read())
        {
            if ((++records & 0xFFF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (!rows.Fill(source.Reader, row))
                continue;
            count++;
            Take(row, file.Entry.Name, source.Reader.Number, writer);
        }

        _private.AddRange(rows.Dropped(source.Reader, records));
        if (source.Reader.Note is { } note)
            _private.Add(new DroppedItem(file.Entry.Name, null, 0, note));
        _digests[file.Entry.Name] = source.Finish();
        _files.Add(new FileReading(file.Entry.Name, table.Name, file.Entry.Size, count, file.Confidence, FileIntegrity.NotChecked));
    }

    private void Take(RowBuffer row, string file, long number, PlainCsvWriter? writer)
    {
        if (++_rows > export.Limits.MaxRows)
            throw RowFault.TooMany(export.Limits.MaxRows);
        if ((_rows & 0xFFF) == 0)
            cancellationToken.ThrowIfCancellationRequested();
        _checks.Take(row, file, number);
        var place = _records.PlaceOf(row);
        var time = RecordMaker.TimeOf(row);
        _summary.Count(row.Table.Kind, place, time);
        if (visitor is not null)
            visitor.OnRecord(_records.Make(row, place, time));
        writer?.Write(row);
    }

    private FieldCheck[] ChecksOf(TableDefinition table) => [.. table.Fields.Select(f => new FieldCheck(f, _room.Cells))];

    private ExportReading Conclude(ExportProfile profile, FormatConfidence confidence)
    {
        _zip?.Finish();
        var bytes = _files.Sum(f => f.Bytes);
        return new ExportReading(
            _account, profile, confidence, _files, _checks.Conclude(), _private, ContentDigest.Of(_digests.Select(d => (d.Key, d.Value))))
        {
            LazySummary = new Lazy<ExportSummary>(() => _summary.Build(_account, bytes)),
        };
    }
}
