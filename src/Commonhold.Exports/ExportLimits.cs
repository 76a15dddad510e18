namespace Commonhold.Exports;

/// <summary>What a hostile export may cost. Checked against what the archive declares before anything is inflated, and again
/// while inflating.</summary>
public sealed record ExportLimits
{
    public static ExportLimits Default { get; } = new();

    /// <summary>For a provider's own form on the member's machine: a phone's <c>export.xml</c> reaches several GiB, and is read once
    /// for each table that it fills. What is cleaned out of it must fit <see cref="Default"/>, by which validators read.</summary>
    public static ExportLimits OwnMachine { get; } = new() { MaxFileBytes = 16L << 30, MaxTotalBytes = 128L << 30 };

    /// <summary>Entries in the archive. Of a cleaned archive: Reddit names 38 files; the rest leaves room for numbered parts.</summary>
    public int MaxEntries { get; init; } = 128;

    /// <summary>Bytes of the archive itself.</summary>
    public long MaxArchiveBytes { get; init; } = 1L << 30;

    /// <summary>Inflated bytes of one file.</summary>
    public long MaxFileBytes { get; init; } = 1L << 30;

    /// <summary>Inflated bytes of all files together.</summary>
    public long MaxTotalBytes { get; init; } = 2L << 30;

    /// <summary>Inflated ÷ compressed size of one file. CSV of links reaches about 20; DEFLATE's own limit is 1,032.</summary>
    public int MaxRatio { get; init; } = 100;

    /// <summary>Files up to this inflated size are not held to <see cref="MaxRatio"/>: they cannot hurt.</summary>
    public long RatioFreeBytes { get; init; } = 64 << 10;

    /// <summary>Columns of a row.</summary>
    public int MaxColumns { get; init; } = 64;

    /// <summary>Bytes of a field, quotes included. The longest text that any known provider takes is 40,000 characters.</summary>
    public int MaxFieldBytes { get; init; } = 512 << 10;

    /// <summary>Bytes of a row; also the most that the reader ever holds of a file.</summary>
    public int MaxRowBytes { get; init; } = 1 << 20;

    /// <summary>Rows of all files together.</summary>
    public long MaxRows { get; init; } = 5_000_000;

    /// <summary>Different places (communities, domains, artists) in an export.</summary>
    public int MaxPlaces { get; init; } = 1 << 18;

    /// <summary>How far a date may lie outside the account's life: clocks and time zones differ.</summary>
    public TimeSpan DateSkew { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The time now, after which nothing can have happened; null where nobody knows it. Rows of years to come would fill
    /// quarters that nobody else has.</summary>
    public DateTimeOffset? Now { get; init; }
}
