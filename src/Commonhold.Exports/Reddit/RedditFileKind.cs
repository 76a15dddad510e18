namespace Commonhold.Exports.Reddit;

/// <summary>What is known of one of the 38 files.</summary>
public sealed class RedditFileKind
{
    private readonly RedditFileDefinition _definition;
    private readonly string[] _required;
    private string[][]? _headers;
    private HashSet<string>? _known;
    private string[]? _shared;

    internal RedditFileKind(RedditFileDefinition definition, int order)
    {
        (_definition, Order) = (definition, order);
        _required = definition.Required.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (definition.Record is { } record)
            (Record, Quality) = (new RecordKind(definition.Name, record.Code, record.Weight, record.Scope), record.Quality);
    }

    /// <summary>The file's name without <c>.csv</c>, part number or <c>_archive</c>.</summary>
    public string Name => _definition.Name;

    /// <summary>The columns, as seen or as parsers list them.</summary>
    public string Header => _definition.Header;

    /// <summary>Why the whole file stays with the member; null when the file is shared.</summary>
    public string? Secret => _definition.Secret;

    /// <summary>What its rows are worth; null for files that are not valued (headers repeat rows that are).</summary>
    public RecordKind? Record { get; }

    /// <summary>Its place in reading order.</summary>
    public int Order { get; }

    internal RedditQuality Quality { get; }

    internal bool IsDated => _definition.Dated;

    internal bool IsSecondHand => _definition.SecondHand;

    internal string? HeadersOf => _definition.HeadersOf;

    internal IReadOnlyList<string> RequiredColumns => _required;

    internal string[][] Headers => _headers ??= [Header.Split(','), .. (_definition.OtherHeaders ?? []).Select(h => h.Split(','))];

    internal IReadOnlySet<string> KnownColumns => _known ??= Headers.SelectMany(h => h).ToHashSet(StringComparer.Ordinal);

    /// <summary>Columns that this file repeats from its full file, without the given ones.</summary>
    internal string[] SharedColumns(string[] without) =>
        _shared ??= [.. Headers[0].Except(without).Intersect(RedditFiles.Kind(HeadersOf!).Headers[0])];

    internal bool IsPrivate(string column) => Secret is not null || PrivateReason(column) is not null;

    /// <summary>Why a known column stays with the member; null when it is shared or not known.</summary>
    internal string? PrivateReason(string column) => _definition.Private?.GetValueOrDefault(column);

    public override string ToString() => Name;
}
