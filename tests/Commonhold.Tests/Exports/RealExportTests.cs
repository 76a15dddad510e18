using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Xunit;

namespace Commonhold.Tests.Exports;

public class RealExportTests
{
    private static readonly RedditFormat Reddit = new();

    [RealExportsFact]
    public async Task Every_real_export_opens_passes_its_checks_cleans_and_opens_again()
    {
        var paths = RealExports.Require();
        Assert.Equal(40, paths.Count);
        foreach (var path in paths)
        {
            await using var file = File.OpenRead(path);
            var export = ExportSource.Open(file);
            var original = Reddit.TryRead(export).OrThrow();
            Assert.Null(original.Refusal);
            Assert.Equal(ExportProfile.Original, original.Profile);
            Assert.Equal(FormatConfidence.Confirmed, original.Confidence);
            Assert.All(original.Files, f => Assert.True(f.Kind == "checkfile" || f.Integrity == FileIntegrity.Matches));

            using var output = new MemoryStream();
            var cleaned = Reddit.TryClean(export, output).OrThrow();
            Assert.Equal(output.Length, cleaned.Bytes);
            Assert.Contains(cleaned.Dropped, d => d is { File: "comments.csv", Column: "ip" });
            Assert.Contains(cleaned.Dropped, d => d is { File: "statistics.csv", Column: "email address" });

            var again = Reddit.TryRead(ExportSource.OpenArchive(output)).OrThrow();
            Assert.Null(again.Refusal);
            Assert.Equal(ExportProfile.Cleaned, again.Profile);
            Assert.Equal(FormatConfidence.Confirmed, again.Confidence);
            Assert.Equal(original.Account, again.Account);
            Assert.Equal(original.Summary.ByMonth, again.Summary.ByMonth);
            Assert.Equal(FileIntegrity.Matches, again.Files.Single(f => f.Kind == "comment_votes").Integrity);
            Assert.Equal(FileIntegrity.NotChecked, again.Files.Single(f => f.Kind == "comments").Integrity);
        }
    }
}
