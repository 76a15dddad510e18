namespace Commonhold.Exports;

/// <summary>What the cleaned form of a format holds, and what never is in it: for people and catalogues, from the definition that
/// reading and cleaning follow.</summary>
public sealed record FormatDescription(IReadOnlyList<TableDescription> Tables, IReadOnlyList<KeptBack> KeptBack);

/// <summary>One table of the cleaned form, a CSV file in the archive.</summary>
/// <param name="FileName">In the archive: <c>comments.csv</c>.</param>
/// <param name="Kind">What its rows are to a dataset; null for rows that are not valued.</param>
/// <param name="Key">The columns by which a row is told from others; empty when the whole row is its key.</param>
public sealed record TableDescription(
    string Name, string FileName, string? Title, RecordKind? Kind, IReadOnlyList<ColumnDescription> Columns, IReadOnlyList<string> Key);

/// <summary>One column.</summary>
/// <param name="Type">A type of Frictionless Table Schema: <c>string</c>, <c>integer</c>, <c>datetime</c> …</param>
public sealed record ColumnDescription(string Name, string? Title, string Type, bool IsRequired);

/// <summary>What stays on the member's machine, and why.</summary>
/// <param name="File">As the provider names it, or a pattern of names.</param>
/// <param name="Columns">Those of the file that stay; empty when all of it does.</param>
public sealed record KeptBack(string File, IReadOnlyList<string> Columns, string Because);

/// <summary>The first rows of one table of a made-up export, cleaned as a member's would be.</summary>
public sealed record TableSample(string Table, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
