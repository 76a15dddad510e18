namespace Commonhold.Exports.Reddit;

/// <summary>What is known of one of the 38 files.</summary>
/// <param name="name">The file's name without <c>.csv</c>, part number or <c>_archive</c>.</param>
/// <param name="header">The columns, as seen or as parsers list them.</param>
/// <param name="required">Columns without which the file cannot be used.</param>
public sealed class RedditFileKind(string name, string header, string required)
{
    public string Name { get; } = name;

    public string Header { get; } = header;

    public string Required { get; } = required;

    /// <summary>Why the whole file stays with the member; null when the file is shared.</summary>
    public string? Secret { get; init; }

    /// <summary>Known columns that stay with the member.</summary>
    public string PrivateColumns { get; init; } = "";

    /// <summary>Headers seen in older or newer exports.</summary>
    public IReadOnlyList<string> OtherHeaders { get; init; } = [];

    /// <summary>Its <c>date</c> column must lie within the account's life.</summary>
    public bool IsDated { get; init; }

    /// <summary>The full file of which this one repeats rows without the text.</summary>
    public string? HeadersOf { get; init; }

    /// <summary>Nobody has shown its header line; the columns are those that parsers list.</summary>
    public bool IsSecondHand { get; init; }

    /// <summary>What its rows are worth; null for files that are not valued (headers repeat rows that are).</summary>
    public RecordKind? Record { get; internal set; }

    internal RedditQuality Quality { get; set; }

    /// <summary>Its place in reading order.</summary>
    public int Order { get; internal set; }

    internal string[][] Headers => _headers ??= [Header.Split(','), .. OtherHeaders.Select(h => h.Split(','))];

    internal IReadOnlySet<string> KnownColumns => _known ??= Headers.SelectMany(h => h).ToHashSet(StringComparer.Ordinal);

    /// <summary>Columns that this file repeats from its full file, without the given ones.</summary>
    internal string[] SharedColumns(string[] without) =>
        _shared ??= [.. Headers[0].Except(without).Intersect(RedditFiles.Kind(HeadersOf!).Headers[0])];

    internal string[] RequiredColumns => Split(Required);

    internal bool IsPrivate(string column) => Secret is not null || Split(PrivateColumns).Contains(column);

    private string[][]? _headers;
    private HashSet<string>? _known;
    private string[]? _shared;

    private static string[] Split(string columns) => columns.Split(',', StringSplitOptions.RemoveEmptyEntries);

    public override string ToString() => Name;
}
