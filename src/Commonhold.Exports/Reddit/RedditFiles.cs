using System.Collections.Frozen;

namespace Commonhold.Exports.Reddit;

/// <summary>One file of an archive, told apart by its name.</summary>
internal sealed record RedditFile(ExportEntry Entry, RedditFileKind Kind);

/// <summary>The 38 files that Reddit's help page names: their names and order.</summary>
/// <remarks>
/// Privacy errs on the careful side. Left out whole: what was said in private (messages, chats, announcements, drafts and
/// scheduled posts that were never published), where one was (IP log), who one is elsewhere (linked identities, phone, Twitter,
/// persona, birth date, gender), what was paid (stripe, payouts, purchases, subscriptions), settings, and friends, who are
/// other people. Of <c>statistics.csv</c> only the rows named in <see cref="PublicStatistics"/> stay; of every other file only
/// the columns listed in <c>format.json</c>: a column we do not know may hold anything.
/// </remarks>
public static class RedditFiles
{
    internal static RedditDefinition Definition { get; } = RedditDefinition.Load();

    /// <summary>All kinds, in the order in which they are read and written.</summary>
    public static IReadOnlyList<RedditFileKind> All { get; } = [.. Definition.Files.Select((f, i) => new RedditFileKind(f, i))];

    /// <summary>The rows of <c>statistics.csv</c> that stay; the e-mail address and any row we do not know are left out.</summary>
    public static IReadOnlySet<string> PublicStatistics { get; } = Definition.Statistics.ToHashSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, RedditFileKind> ByName = All.ToFrozenDictionary(k => k.Name, StringComparer.Ordinal);

    internal static IReadOnlyList<RecordKind> Kinds { get; } = [.. All.Select(k => k.Record).OfType<RecordKind>().OrderBy(k => k.Code)];

    internal static RedditFileKind Checkfile { get; } = Kind("checkfile");

    internal static RedditFileKind Statistics { get; } = Kind("statistics");

    /// <summary>The kind with that name, as in <c>comment_votes</c>.</summary>
    public static RedditFileKind Kind(string name) => ByName[name];

    /// <summary>Tells the entries of an archive apart and puts them in reading order; refuses what is no file of an export.</summary>
    internal static IReadOnlyList<RedditFile> Identify(IReadOnlyList<ExportEntry> entries)
    {
        var found = new List<RedditFile>(entries.Count);
        ExportEntry? unknown = null;
        foreach (var entry in entries)
        {
            if (KindOf(entry.Name) is { } kind)
                found.Add(new RedditFile(entry, kind));
            else
                unknown ??= entry;
        }

        const string Hint = "Pass the export as Reddit sent it: export_<name>_<date>.zip from reddit.com/settings/data-request.";
        if (!found.Exists(f => f.Kind.Name == "statistics") || !found.Exists(f => f.Kind.Name is "posts" or "comments"))
            throw new ExportRefusedException(
                "export.not_reddit", "The archive has no statistics.csv with posts.csv or comments.csv beside it.", Hint);
        if (unknown is not null)
            throw new ExportRefusedException(
                "export.unknown_file", $"The entry '{unknown.Name}' is not one of the {All.Count} files of a Reddit export.", Hint);
        if (!found.Exists(f => f.Kind.Name == "checkfile"))
            throw new ExportRefusedException("export.checkfile", "The archive has no checkfile.csv.", Hint);
        return [.. found.OrderBy(f => f.Kind.Order).ThenBy(f => f.Entry.Name.Length).ThenBy(f => f.Entry.Name, StringComparer.Ordinal)];
    }

    /// <summary><c>post_votes.csv</c>, <c>post_votes_2.csv</c>, <c>messages_archive.csv</c>, <c>messages_archive_headers.csv</c>.</summary>
    internal static RedditFileKind? KindOf(string fileName)
    {
        if (!fileName.EndsWith(".csv", StringComparison.Ordinal))
            return null;
        var name = fileName[..^4];
        if (name.Length > 2 && name.LastIndexOf('_') is > 0 and var at && name.Length - at is > 1 and <= 5
            && !name.AsSpan(at + 1).ContainsAnyExceptInRange('0', '9'))
            name = name[..at];
        if (name == "messages_archive_headers")
            name = "message_headers";
        if (name.EndsWith("_archive", StringComparison.Ordinal))
            name = name[..^"_archive".Length];
        return ByName.GetValueOrDefault(name);
    }
}
