using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Tables;

/// <summary>The files of a provider's archive that are not looked into, with reasons: known ones by their pattern, others by name.</summary>
internal static class LeftOutFiles
{
    private const int MostNamed = 20;

    public static IEnumerable<DroppedItem> Of(FormatDefinition format, ExportSource export, SourcePlan plan)
    {
        var read = plan.Files.Select(f => f.Entry.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (entry, reason) in plan.NotRead)
        {
            read.Add(entry.Name);
            yield return new DroppedItem(Shown(entry), null, 0, reason);
        }

        var known = new Dictionary<LeftOutFile, List<ExportEntry>>();
        var unknown = new List<ExportEntry>();
        foreach (var entry in export.Entries.Where(e => !read.Contains(e.Name) && e.Name != PackageJson.FileName))
        {
            if (format.LeftOut.FirstOrDefault(l => l.Files.Match(entry.Name) is not null) is not { } rule)
                unknown.Add(entry);
            else if (known.TryGetValue(rule, out var others))
                others.Add(entry);
            else
                known.Add(rule, [entry]);
        }

        foreach (var (rule, entries) in known)
            yield return new DroppedItem(entries.Count == 1 ? Shown(entries[0]) : $"{rule.Files.Text} ({entries.Count:N0} files)", null, 0, rule.Because);
        foreach (var entry in unknown.Take(MostNamed))
            yield return new DroppedItem(Shown(entry), null, 0, "not a file we know");
        if (unknown.Count > MostNamed)
            yield return new DroppedItem($"{unknown.Count - MostNamed:N0} more files", null, 0, "not files we know");
    }

    private static string Shown(ExportEntry entry) => ZipFormat.ShowFile(entry.Name);
}
