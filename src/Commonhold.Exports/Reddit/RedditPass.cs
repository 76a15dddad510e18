using System.Security.Cryptography;
using Commonhold.Exports.Csv;
using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Reddit;

/// <summary>One reading of every file: checks, counts, digests, the visitor's rows and, with a writer, the cleaned archive.</summary>
internal sealed class RedditPass(
    ExportSource source,
    IReadOnlyList<RedditFile> files,
    RecordVisitor? visitor,
    ZipWriter? writer,
    CancellationToken cancellationToken)
{
    private const int MaxCommunityBytes = 64;
    private readonly ExportLimits _limits = source.Limits;
    private readonly Checkfile _checkfile = new();
    private readonly StatisticsFile _statistics = new();
    private readonly PlaceTable _communities = new(source.Limits.MaxPlaces, MaxCommunityBytes);
    private readonly RedditRecords? _records = visitor is null ? null : new RedditRecords(visitor);
    private readonly List<HeadersComparison> _comparisons =
        [.. RedditFiles.All.Where(k => k.HeadersOf is not null).Select(k => new HeadersComparison(k))];
    private readonly List<ReadFile> _read = [];
    private readonly List<DroppedItem> _private = [];
    private ExportAccount? _account;
    private LifeSpan? _life;
    private long _rows;

    public ExportReading Run()
    {
        var summary = new SummaryBuilder(_communities);
        using var reader = new CsvReader(_limits);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            if (_account is null && file.Kind.Order > RedditFiles.Statistics.Order)
                BeginAccount();
            ReadOne(file, reader, sha256, summary);
        }

        if (_account is null)
            BeginAccount();
        return Conclude(summary);
    }

    private void BeginAccount()
    {
        _account = _statistics.Account();
        _life = new LifeSpan(_account.RegisteredAt!.Value, _account.ExportedAt!.Value, _limits);
        visitor?.OnAccount(_account);
    }

    private void ReadOne(RedditFile file, CsvReader reader, IncrementalHash sha256, SummaryBuilder summary)
    {
        using var content = source.Open(file.Entry);
        content.HashInto(sha256);

        // The checkfile is written last, when it is known which files stayed as they were.
        if (writer is null || file.Kind.Secret is not null || file.Kind == RedditFiles.Checkfile)
        {
            ReadRows(file, reader, content, summary, null);
            return;
        }

        writer.Add(file.Entry.Name, output => ReadRows(file, reader, content, summary, output));
    }

    private void ReadRows(RedditFile file, CsvReader reader, EntryStream content, SummaryBuilder summary, Stream? output)
    {
        // Held back until the header tells whether the file can be passed on as it is.
        var start = output is null ? null : new MemoryStream();
        content.Tee = start;
        reader.Reset(content);
        var header = RedditHeader.Read(reader, file);
        var isAltered = file.Kind == RedditFiles.Statistics || header.Private.Length > 0;
        var copier = output is not null && isAltered ? new RowCopier(output) : null;
        content.Tee = null;
        if (output is not null && copier is null)
        {
            start!.WriteTo(output);
            content.Tee = output;
        }

        copier?.Write(reader, header.Kept);
        var rows = new RowReader(file, header, _communities, _comparisons, _life);
        var count = 0L;
        while (reader.Read())
        {
            count++;
            if (++_rows > _limits.MaxRows)
                throw new ExportRefusedException(
                    "export.too_many_rows", $"The export has more than {_limits.MaxRows:N0} rows.", "Ask the operator whether larger exports can be taken.");
            if ((_rows & 0xFFF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var row = rows.Take(reader);
            var isKept = true;
            if (file.Kind == RedditFiles.Checkfile)
                _checkfile.Take(reader, header, _limits);
            else if (file.Kind == RedditFiles.Statistics)
                isKept = _statistics.Take(reader, header);
            summary.Count(file.Kind, row.CommunityId, row.Date);
            _records?.Show(row);
            if (isKept)
                copier?.Write(reader, header.Kept);
        }

        copier?.Flush();
        _read.Add(new ReadFile(file, header, count, content.FinishHash(), isAltered));
        NotePrivate(file, header, count);
    }

    private void NotePrivate(RedditFile file, RedditHeader header, long rows)
    {
        if (file.Kind.Secret is { } secret)
            _private.Add(new DroppedItem(file.Entry.Name, null, rows, secret));
        else if (header.Private.Length > 0)
            _private.AddRange(header.Private.Select(i => new DroppedItem(
                file.Entry.Name, header.Columns[i], rows, file.Kind.PrivateReason(header.Columns[i]) ?? "not a column we know")));
    }

    private ExportReading Conclude(SummaryBuilder summary)
    {
        _private.InsertRange(0, _statistics.Private);
        var isOriginal = _private.Count > 0;
        var readings = _read.ConvertAll(r => new FileReading(
            r.File.Entry.Name,
            r.File.Kind.Name,
            r.File.Entry.Size,
            r.Rows,
            r.Header.Confidence,
            r.File.Kind == RedditFiles.Checkfile ? FileIntegrity.NotChecked : _checkfile.Judge(r.File.Entry.Name, r.Sha256, isOriginal))
        {
            Sha256 = Convert.ToHexStringLower(r.Sha256),
        });
        var listed = readings.FindAll(f => f.Kind != RedditFiles.Checkfile.Name);
        List<StructureCheck> checks =
            [_checkfile.Conclude(listed), .. _comparisons.Select(c => c.Conclude()), _life!.Conclude()];

        var unchanged = _read.FindAll(r => !r.IsAltered && r.File.Kind.Secret is null && r.File.Kind != RedditFiles.Checkfile)
            .ConvertAll(r => r.File.Entry.Name);
        writer?.Add("checkfile.csv", output => output.Write(_checkfile.WriteFor(unchanged)));
        if (isOriginal && _checkfile.Count > unchanged.Count)
            _private.Add(new DroppedItem(
                "checkfile.csv", null, _checkfile.Count - unchanged.Count, "digests of files that were left out or altered: short secrets can be guessed from them"));

        return new ExportReading(
            _account!,
            isOriginal ? ExportProfile.Original : ExportProfile.Cleaned,
            listed.FindAll(f => RedditFiles.Kind(f.Kind).Secret is null).Min(f => f.Confidence),
            readings,
            checks,
            _private,
            ContentDigest.Of(_read.Where(r => r.File.Kind != RedditFiles.Checkfile).Select(r => (r.File.Entry.Name, r.Sha256))))
        {
            LazySummary = new Lazy<ExportSummary>(() => summary.Build(_account!, readings.Sum(f => f.Bytes))),
        };
    }

    private sealed record ReadFile(RedditFile File, RedditHeader Header, long Rows, byte[] Sha256, bool IsAltered);
}
