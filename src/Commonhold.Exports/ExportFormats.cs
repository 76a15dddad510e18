using Commonhold.Exports.AppleHealth;
using Commonhold.Exports.BrowsingHistory;
using Commonhold.Exports.ChatGpt;
using Commonhold.Exports.Netflix;
using Commonhold.Exports.Spotify;
using Commonhold.Exports.Tables;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Tables.Samples;
using Commonhold.Exports.X;

namespace Commonhold.Exports;

/// <summary>Every format that this program knows.</summary>
public static class ExportFormats
{
    /// <summary>In the order in which they are asked to recognise a file.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new Reddit.RedditFormat(),
        TableFormat.Load("X", new ArchiveSamples(
            ("twitter-2024-11-20.zip", o => XSample.Make(o.Seed, o.Account, o.Rows, XForm.Parts)),
            ("twitter-2021-05-01.zip", o => XSample.Make(o.Seed, o.Account, o.Rows, XForm.Data)),
            ("twitter-2018-09-12.zip", o => XSample.Make(o.Seed, o.Account, o.Rows, XForm.Flat)))),
        TableFormat.Load("ChatGpt", new ArchiveSamples(
            ("chatgpt-2026.zip", o => ChatGptSample.Make(o.Seed, o.Account, o.Rows, ChatGptForm.Numbered)),
            ("chatgpt-2025.zip", o => ChatGptSample.Make(o.Seed, o.Account, o.Rows, ChatGptForm.Single)),
            ("chatgpt-2023.zip", o => ChatGptSample.Make(o.Seed, o.Account, o.Rows, ChatGptForm.Early)))),
        TableFormat.Load("Spotify", new ArchiveSamples(
            ("my_spotify_data.zip", o => SpotifySample.Make(o.Seed, o.Account, o.Rows, SpotifyForm.Extended)),
            ("my_spotify_data-2024.zip", o => SpotifySample.Make(o.Seed, o.Account, o.Rows, SpotifyForm.AccountByKind)),
            ("my_spotify_data-2022.zip", o => SpotifySample.Make(o.Seed, o.Account, o.Rows, SpotifyForm.Endsong)),
            ("my_spotify_data-2019.zip", o => SpotifySample.Make(o.Seed, o.Account, o.Rows, SpotifyForm.Account)))),
        TableFormat.Load("Netflix", new ArchiveSamples(
            ("netflix-report.zip", o => NetflixSample.Make(o.Seed, o.Account, o.Rows, NetflixForm.Archive)),
            ("ViewingActivity.csv", o => NetflixSample.Make(o.Seed, o.Account, o.Rows, NetflixForm.Activity)),
            ("NetflixViewingHistory.csv", o => NetflixSample.Make(o.Seed, o.Account, o.Rows, NetflixForm.History)))),
        TableFormat.Load("BrowsingHistory", new ArchiveSamples(
            ("takeout-20241120.zip", o => BrowsingSample.Make(o.Seed, o.Account, o.Rows, BrowsingForm.Takeout)),
            ("takeout-20210501.zip", o => BrowsingSample.Make(o.Seed, o.Account, o.Rows, BrowsingForm.OlderTakeout)),
            ("History.json", o => BrowsingSample.Make(o.Seed, o.Account, o.Rows, BrowsingForm.TakeoutFile)),
            ("History", o => BrowsingSample.Make(o.Seed, o.Account, o.Rows, BrowsingForm.Chrome)),
            ("History", o => BrowsingSample.Make(o.Seed, o.Account, o.Rows, BrowsingForm.OlderChrome)),
            ("places.sqlite", o => BrowsingSample.Make(o.Seed, o.Account, o.Rows, BrowsingForm.Firefox)))),
        TableFormat.Load("AppleHealth", new ArchiveSamples(
            ("export.zip", o => HealthSample.Make(o.Seed, o.Account, o.Rows, HealthForm.Archive)),
            ("export.xml", o => HealthSample.Make(o.Seed, o.Account, o.Rows, HealthForm.File)),
            ("export.xml", o => HealthSample.Make(o.Seed, o.Account, o.Rows, HealthForm.OlderFile)))),
    ];

    /// <summary>The format of a dataset's schema; null when this program does not know it.</summary>
    /// <param name="descriptor">The dataset's own Frictionless descriptor, for a schema that is none of ours.</param>
    /// <exception cref="ExportRefusedException">The descriptor cannot be used, or describes a schema that is ours.</exception>
    public static ExportFormat? ForSchema(string schema, ReadOnlyMemory<byte> descriptor = default)
    {
        var known = All.FirstOrDefault(f => f.Schema == schema);
        if (descriptor.IsEmpty)
            return known;
        if (known is not null)
            throw new ExportRefusedException(
                "descriptor.invalid", $"The schema '{schema}' is one of ours and cannot be described otherwise.", "Give the dataset's schema a name of its own.");
        var definition = FormatDefinition.ParseDescriptor(schema, descriptor.Span);
        return new TableFormat(definition, new GenericSamples(definition));
    }

    /// <summary>What a file may be, surest first; empty when no format knows it.</summary>
    public static IReadOnlyList<Recognition> Recognise(ExportSource source) =>
        [.. All.Select(f => f.Recognise(source)).OfType<Recognition>().OrderByDescending(r => r.Confidence)];

    /// <summary>The one format that a file is of; a refusal when none knows it, or two know it equally well.</summary>
    public static ExportResult<Recognition> RecogniseOne(ExportSource source)
    {
        var found = Recognise(source);
        if (found.Count == 1 || (found.Count > 1 && found[0].Confidence > found[1].Confidence))
            return new ExportResult<Recognition>(found[0]);
        const string Hint = "Pass the export as you received it, unopened.";
        return new ExportResult<Recognition>(found.Count == 0
            ? new ExportRefusal("export.not_recognised", $"The file is no export that is known: looked for {string.Join("; ", All.Select(f => f.Title))}.", Hint)
            : new ExportRefusal("export.not_recognised", $"The file may be {string.Join(" or ", found.Select(r => $"{r.Format.Title} ({r.Evidence})"))}", Hint));
    }
}
