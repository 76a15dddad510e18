using System.IO.Compression;
using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Xunit;

namespace Commonhold.Tests.Exports;

public class CleaningTests
{
    private static readonly RedditFormat Reddit = new();
    private static readonly string[] PrivateWords =
    [
        "203.0.113.", "@example.org", "+1202555", "secret-message", "secret-subject", "secret-chat", "someone_else",
        "acct_", "accounts.google.com", "registration ip", "1990-01-01",
    ];

    [Fact]
    public async Task No_private_value_of_a_sample_is_in_the_cleaned_archive()
    {
        var original = await SampleBytes();
        var plain = Inflate(original);
        Assert.All(PrivateWords, word => Assert.Contains(word, plain, StringComparison.Ordinal));

        var (cleaned, bytes) = Clean(original);
        var left = Inflate(bytes);
        Assert.All(PrivateWords, word => Assert.DoesNotContain(word, left, StringComparison.Ordinal));
        foreach (var kind in RedditFiles.All.Where(k => k.Secret is not null && cleaned.Original.Files.Any(f => f.Kind == k.Name)))
        {
            Assert.Contains(cleaned.Dropped, d => d.File == kind.Name + ".csv" && d.Column is null && d.Reason == kind.Secret);
            Assert.DoesNotContain(kind.Name + ".csv", left, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Cleaning_twice_gives_the_same_bytes_and_cleaning_the_cleaned_changes_nothing()
    {
        var original = await SampleBytes();
        var (_, first) = Clean(original);
        var (_, second) = Clean(original);
        Assert.Equal(first, second);
        var (again, third) = Clean(first);
        Assert.Equal(first, third);
        Assert.Empty(again.Dropped);
        Assert.Equal(ExportProfile.Cleaned, again.Original.Profile);
    }

    [Fact]
    public async Task Files_sent_unchanged_are_checked_and_altered_ones_are_called_not_checked()
    {
        var (_, bytes) = Clean(await SampleBytes());
        var reading = Reddit.TryRead(ExportSource.OpenArchive(new MemoryStream(bytes))).OrThrow();
        Assert.Equal(FileIntegrity.Matches, reading.Files.Single(f => f.Kind == "post_votes").Integrity);
        Assert.Equal(FileIntegrity.NotChecked, reading.Files.Single(f => f.Kind == "comments").Integrity);
        Assert.Equal(FileIntegrity.NotChecked, reading.Files.Single(f => f.Kind == "statistics").Integrity);
        Assert.Equal(CheckOutcome.Passed, reading.Checks.Single(c => c.Name == "checkfile").Outcome);
        Assert.Equal(CheckOutcome.Passed, reading.Checks.Single(c => c.Name == "comment_headers").Outcome);
    }

    [Fact]
    public async Task The_digest_of_a_short_secret_does_not_leave_either()
    {
        var left = Inflate((Clean(await SampleBytes())).Bytes);
        Assert.DoesNotContain("linked_phone_number", left, StringComparison.Ordinal);
        Assert.DoesNotContain("birthdate", left, StringComparison.Ordinal);
        Assert.DoesNotContain("statistics.csv,", left, StringComparison.Ordinal);
        Assert.Contains("post_votes.csv,", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_content_digest_is_the_same_however_the_files_are_zipped()
    {
        var (_, bytes) = Clean(await SampleBytes());
        using var source = new ZipArchive(new MemoryStream(bytes));
        var rezipped = new MemoryStream();
        using (var target = new ZipArchive(rezipped, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries.Reverse())
            {
                await using var from = entry.Open();
                await using var to = target.CreateEntry(entry.FullName, CompressionLevel.Fastest).Open();
                await from.CopyToAsync(to);
            }
        }

        Assert.NotEqual(bytes, rezipped.ToArray());
        Assert.Equal(Digest(new MemoryStream(bytes)), Digest(rezipped));
    }

    [Fact]
    public async Task Summaries_count_what_the_sample_holds()
    {
        var reading = Reddit.TryRead(ExportSource.Open(new MemoryStream(await SampleBytes()))).OrThrow();
        Assert.Null(reading.Refusal);
        Assert.Equal(60, reading.Summary.ByKind.Single(k => k.Kind == "comments").Rows);
        Assert.Equal(5, reading.Summary.ByKind.Single(k => k.Kind == "messages").Rows);
        Assert.Equal(60 + 5, reading.Summary.ByMonth.Sum(m => m.Rows));
        Assert.NotEmpty(reading.Summary.TopPlaces);
    }

    [Fact]
    public async Task Samples_are_the_same_for_a_seed_and_no_two_accounts_share_an_authored_id()
    {
        var plan = SampleExports.Plan(6, seed: 3, rows: 40);
        Assert.Equal(6, plan.Select(p => p.AccountName).Distinct().Count());
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (export, same) in plan.Zip(SampleExports.Plan(6, seed: 3, rows: 40)))
        {
            var one = new MemoryStream();
            var two = new MemoryStream();
            await export.WriteAsync(one);
            await same.WriteAsync(two);
            Assert.Equal(one.ToArray(), two.ToArray());
            Assert.Null(Reddit.TryRead(ExportSource.Open(one)).OrThrow().Refusal);
            using var zip = new ZipArchive(one);
            using var reader = new StreamReader(zip.GetEntry("comment_headers.csv")!.Open());
            Assert.All(reader.ReadToEnd().Split("\r\n")[1..^1], line => Assert.True(ids.Add(line.Split(',')[0])));
        }
    }

    [Theory]
    [InlineData("post_votes.csv", "post_votes")]
    [InlineData("post_votes_12.csv", "post_votes")]
    [InlineData("messages_archive.csv", "messages")]
    [InlineData("messages_archive_headers.csv", "message_headers")]
    [InlineData("messages_archive_2.csv", "messages")]
    [InlineData("Posts.csv", null)]
    [InlineData("posts.csv.exe", null)]
    [InlineData("posts_.csv", null)]
    [InlineData("posts_99999.csv", null)]
    public void Files_are_known_by_name(string name, string? kind) => Assert.Equal(kind, RedditFiles.KindOf(name)?.Name);

    [Fact]
    public void The_38_files_of_the_help_page_are_known() => Assert.Equal(38, RedditFiles.All.Count);

    internal static async Task<byte[]> SampleBytes(int index = 0, int rows = 60)
    {
        var output = new MemoryStream();
        await SampleExports.Plan(index + 1, seed: 7, rows)[index].WriteAsync(output);
        return output.ToArray();
    }

    internal static (CleanedExport Cleaned, byte[] Bytes) Clean(byte[] original)
    {
        var output = new MemoryStream();
        return (Reddit.TryClean(ExportSource.Open(new MemoryStream(original)), output).OrThrow(), output.ToArray());
    }

    private static ContentDigest Digest(Stream zip) => Reddit.TryRead(ExportSource.OpenArchive(zip)).OrThrow().Content;

    private static string Inflate(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        var text = new StringBuilder();
        foreach (var entry in archive.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            text.Append(entry.FullName).Append('\n').Append(reader.ReadToEnd());
        }

        return text.ToString();
    }
}
