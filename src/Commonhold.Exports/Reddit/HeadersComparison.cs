using Commonhold.Exports.Csv;

namespace Commonhold.Exports.Reddit;

/// <summary>Holds a <c>*_headers</c> file against its full file: the same rows, equal in every column both have.</summary>
/// <remarks>Each row becomes a number and each file the sum of its rows, so neither order nor length matters to memory. Two
/// sums are kept: of the columns that always are there, and of all shared columns for when both files have the same ones.</remarks>
internal sealed class HeadersComparison(RedditFileKind headers)
{
    private static readonly string[] Always = ["id", "permalink", "date", "subreddit"];
    private readonly string[] _others = headers.SharedColumns(Always);
    private Side _full = new();
    private Side _short = new();

    public RedditFileKind Full { get; } = RedditFiles.Kind(headers.HeadersOf!);

    /// <summary>Begins a file (or part) of either side.</summary>
    public void Begin(RedditFileKind kind, RedditHeader header)
    {
        ref var side = ref kind == headers ? ref _short : ref _full;
        side.Always = [.. Always.Select(header.Find).Where(i => i >= 0)];
        side.Others = [.. _others.Select(header.Find)];
        side.Columns = string.Join(',', _others.Where(c => header.Find(c) >= 0));
        side.IsPresent = true;
    }

    public void Take(RedditFileKind kind, CsvReader reader)
    {
        ref var side = ref kind == headers ? ref _short : ref _full;
        var hash = FastHash.Start;
        foreach (var column in side.Always)
            hash = FastHash.Append(hash, reader.Value(column));
        side.Sum += hash;
        foreach (var column in side.Others)
        {
            if (column >= 0)
                hash = FastHash.Append(hash, reader.Value(column));
        }

        side.SumOfAll += hash;
        side.Rows++;
    }

    public StructureCheck Conclude()
    {
        if (!_full.IsPresent || !_short.IsPresent)
            return new StructureCheck(headers.Name, CheckOutcome.NotChecked,
                $"The archive has no {(_full.IsPresent ? headers.Name : Full.Name)}.csv.");
        if (_full.Rows != _short.Rows)
            return Failed($"{Full.Name}.csv has {_full.Rows:N0} rows and {headers.Name}.csv {_short.Rows:N0}.");
        if (_full.Sum != _short.Sum)
            return Failed($"{Full.Name}.csv and {headers.Name}.csv do not list the same rows.");
        if (_full.Columns == _short.Columns && _full.SumOfAll != _short.SumOfAll)
            return Failed($"{Full.Name}.csv and {headers.Name}.csv differ in one of {_full.Columns}.");
        return new StructureCheck(headers.Name, CheckOutcome.Passed, $"{_full.Rows:N0} rows agree.");
    }

    private StructureCheck Failed(string detail) => new(
        headers.Name,
        CheckOutcome.Failed,
        detail,
        new ExportRefusal("export.headers_mismatch", detail, "Download the export from Reddit again and pass it unopened."));

    private struct Side()
    {
        public int[] Always = [];
        public int[] Others = [];
        public string Columns = "";
        public bool IsPresent;
        public ulong Sum;
        public ulong SumOfAll;
        public long Rows;
    }
}
