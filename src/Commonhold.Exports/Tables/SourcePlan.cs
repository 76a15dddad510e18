using Commonhold.Exports.Sources;
using Commonhold.Exports.Tables.Definitions;

namespace Commonhold.Exports.Tables;

/// <summary>A file of an export, and the form in which it is read.</summary>
/// <param name="Numbers">In its name, by which parts are ordered.</param>
internal sealed record PlannedFile(ExportEntry Entry, SourceDefinition Source, int Order, IReadOnlyList<int> Numbers, FormatConfidence Confidence);

/// <summary>Which files of an export are read as what: by their names, and by the fields of their first records.</summary>
internal sealed class SourcePlan
{
    // Enough that a field which is in some records only is seen.
    private const int ProbedRecords = 32;

    private readonly FormatDefinition _format;
    private readonly ExportSource _export;
    private readonly List<PlannedFile> _files = [];

    private SourcePlan(FormatDefinition format, ExportSource export) => (_format, _export) = (format, export);

    /// <summary>Files that tell of the account.</summary>
    public IEnumerable<PlannedFile> Account => Ordered(-1);

    /// <summary>Files that have the right name, and why they are not read: another form, or broken.</summary>
    public List<(ExportEntry Entry, string Reason)> NotRead { get; } = [];

    /// <summary>The first refusal that reading a file of the right name gave.</summary>
    public ExportRefusedException? Broken { get; private set; }

    public IReadOnlyList<PlannedFile> Files => _files;

    /// <summary>Of the surest file that fills a table; null when there is none.</summary>
    public FormatConfidence? Confidence => _files.Where(f => f.Source.Table >= 0).Max(f => (FormatConfidence?)f.Confidence);

    public string Evidence => string.Join("; ", _files.Where(f => f.Source.Table >= 0).OrderByDescending(f => f.Confidence).Take(3)
        .Select(f => $"{Zip.ZipFormat.Show(f.Entry.Name)} has {string.Join(", ", f.Source.Requires.Select(r => f.Source.Fields[r]))}"));

    public static SourcePlan Make(FormatDefinition format, ExportSource export, IReadOnlyList<SourceDefinition>? sources = null)
    {
        var plan = new SourcePlan(format, export);
        sources ??= format.Sources;
        foreach (var entry in export.Entries)
            plan.Place(entry, sources);
        if (plan._files.Count == 0 && !export.IsArchive)
            plan.PlaceByContent(export.Entries[0], sources);
        return plan;
    }

    /// <summary>The files of a table, parts in the order of their numbers.</summary>
    public IEnumerable<PlannedFile> Ordered(int table) => _files.Where(f => f.Source.Table == table)
        .OrderBy(f => f.Order).ThenBy(f => f, Comparer<PlannedFile>.Create(ByNumbers)).ThenBy(f => f.Entry.Name, StringComparer.Ordinal);

    private void Place(ExportEntry entry, IReadOnlyList<SourceDefinition> sources)
    {
        var filled = new HashSet<int>();
        var matched = false;
        string? reason = null;
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i].Files.Match(entry.Name) is not { } numbers)
                continue;
            matched = true;
            if (filled.Contains(sources[i].Table))
                continue;
            var lacks = Probe(entry, sources[i], isNamed: true);
            if (lacks is null)
            {
                filled.Add(sources[i].Table);
                _files.Add(new PlannedFile(entry, sources[i], i, numbers, sources[i].Confidence));
            }

            reason ??= lacks;
        }

        if (matched && filled.Count == 0)
            NotRead.Add((entry, reason!));
    }

    // A single file may bear any name: it is what its fields say, a little less surely.
    private void PlaceByContent(ExportEntry entry, IReadOnlyList<SourceDefinition> sources)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            if (_files.Exists(f => f.Source.Table == sources[i].Table) || Probe(entry, sources[i], isNamed: false) is not null)
                continue;
            var confidence = sources[i].Confidence == FormatConfidence.Confirmed ? FormatConfidence.Compatible : sources[i].Confidence;
            _files.Add(new PlannedFile(entry, sources[i], i, [], confidence));
        }
    }

    // What the file lacks to be of this form; null when nothing.
    private string? Probe(ExportEntry entry, SourceDefinition source, bool isNamed)
    {
        var missing = source.Requires.ToHashSet();
        try
        {
            using var file = SourceFile.Probe(_export, entry, source);
            if (file.Reader is CsvRecordReader csv)
                missing.RemoveWhere(csv.HasColumn);
            for (var i = 0; i < ProbedRecords && missing.Count > 0 && file.Reader.Read(); i++)
                missing.RemoveWhere(field => file.Reader.TryGet(field, out _));
        }
        catch (ExportRefusedException refused)
        {
            // That a file of any name is no database, for one, says nothing about it.
            Broken ??= isNamed ? refused : null;
            return refused.Refusal.Detail;
        }

        return missing.Count == 0 ? null : $"in a form that is not known: {string.Join(", ", missing.Select(m => source.Fields[m]))} missing";
    }

    private static int ByNumbers(PlannedFile one, PlannedFile other)
    {
        for (var i = 0; i < Math.Min(one.Numbers.Count, other.Numbers.Count); i++)
        {
            if (one.Numbers[i] != other.Numbers[i])
                return one.Numbers[i].CompareTo(other.Numbers[i]);
        }

        return one.Numbers.Count.CompareTo(other.Numbers.Count);
    }
}
