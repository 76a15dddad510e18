using System.IO.Compression;
using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Xunit;

namespace Commonhold.Tests.Exports.Reddit;

/// <summary>Each of the 38 files in each form that it comes in: every known header, numbered parts, archives, byte-order mark.</summary>
public class RedditFilesTests
{
    private static readonly RedditFormat Format = new();

    public static TheoryData<string, string> Headers()
    {
        var cases = new TheoryData<string, string>();
        foreach (var kind in RedditFiles.All.Where(k => k.Name is not ("checkfile" or "statistics")))
        {
            foreach (var header in kind.Headers)
                cases.Add(kind.Name, string.Join(',', header));
        }

        return cases;
    }

    public static TheoryData<string> Kinds() => [.. RedditFiles.All.Where(k => k.Name is not ("checkfile" or "statistics")).Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_file_is_read_and_cleaned_whichever_known_header_it_has(string name, string header)
    {
        var kind = RedditFiles.Kind(name);
        foreach (var (text, form) in Forms(header))
        {
            var (reading, cleaned) = Clean(name, name + ".csv", text);
            var file = reading.Files.Single(f => f.Name == name + ".csv");
            Assert.Equal((name, 2), (file.Kind, file.Rows));
            Assert.Equal(kind.IsSecondHand ? FormatConfidence.Provisional : FormatConfidence.Confirmed, file.Confidence);
            AssertOnlyPublic(kind, header, name + ".csv", reading, cleaned, form);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Numbered_parts_and_archives_are_the_same_kind_and_lose_the_same(string name)
    {
        var kind = RedditFiles.Kind(name);
        foreach (var fileName in (string[])[name + "_1.csv", name + "_12.csv", name == "message_headers" ? "messages_archive_headers.csv" : name + "_archive.csv"])
        {
            var (reading, cleaned) = Clean(name, fileName, Rows(kind.Header, "\r\n"));
            Assert.Equal(name, reading.Files.Single(f => f.Name == fileName).Kind);
            AssertOnlyPublic(kind, kind.Header, fileName, reading, cleaned, fileName);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_column_that_nobody_knows_stays_behind_and_moved_columns_are_found(string name)
    {
        var kind = RedditFiles.Kind(name);
        var newer = string.Join(',', (string[])["device_fingerprint", .. kind.Header.Split(',').Reverse()]);
        var (reading, cleaned) = Clean(name, name + ".csv", Rows(newer, "\r\n"));
        Assert.Equal(FormatConfidence.Compatible, reading.Files.Single(f => f.Name == name + ".csv").Confidence);
        AssertOnlyPublic(kind, newer, name + ".csv", reading, cleaned, "newer");
        if (kind.Secret is null)
            Assert.Contains(reading.Private, d => d is { Column: "device_fingerprint", Rows: 2 });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_older_header_without_what_can_be_spared_is_provisional_and_one_without_what_is_needed_is_refused(string name)
    {
        var kind = RedditFiles.Kind(name);
        foreach (var missing in kind.Header.Split(','))
        {
            var older = string.Join(',', kind.Header.Split(',').Where(c => c != missing));
            if (older.Length == 0)
                continue;
            var source = ExportSource.Open(new MemoryStream(Archive(name, name + ".csv", Rows(older, "\r\n"))));
            var read = Format.TryRead(source);
            if (kind.RequiredColumns.Contains(missing))
                Assert.Equal("export.header", read.Refusal?.Code);
            else
                Assert.Null(read.OrThrow().Refusal);
        }
    }

    [Fact]
    public void Statistics_and_the_checkfile_may_have_a_byte_order_mark_and_line_feeds()
    {
        var files = HostileExports.Honest();
        files["statistics.csv"] = Encoding.UTF8.GetBytes("\uFEFF" + Encoding.UTF8.GetString(files["statistics.csv"]).Replace("\r\n", "\n", StringComparison.Ordinal));
        Assert.Null(Format.TryRead(ExportSource.Open(new MemoryStream(HostileExports.Zip(files)))).OrThrow().Refusal);

        using var zip = new MemoryStream();
        zip.Write(HostileExports.Zip(files));
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = archive.GetEntry("checkfile.csv")!;
            string text;
            using (var reader = new StreamReader(entry.Open()))
                text = reader.ReadToEnd();
            entry.Delete();
            using var writer = new StreamWriter(archive.CreateEntry("checkfile.csv").Open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            writer.Write(text.Replace("\r\n", "\n", StringComparison.Ordinal));
        }

        Assert.Null(Format.TryRead(ExportSource.Open(zip)).OrThrow().Refusal);
    }

    [Fact]
    public void Parts_of_one_file_count_together_with_their_headers_file()
    {
        var files = HostileExports.Honest();
        files.Remove("comments.csv");
        files["comments_1.csv"] = Encoding.UTF8.GetBytes(HostileExports.CommentHeader + HostileExports.Comment("ed196k4"));
        files["comments_2.csv"] = Encoding.UTF8.GetBytes(HostileExports.CommentHeader + HostileExports.Comment("ed1aaig"));
        var reading = Format.TryRead(ExportSource.Open(new MemoryStream(HostileExports.Zip(With(files, "posts.csv", Rows(RedditFiles.Kind("posts").Header, "\r\n")))))).OrThrow();
        Assert.Null(reading.Refusal);
        Assert.Equal(CheckOutcome.Passed, reading.Checks.Single(c => c.Name == "comment_headers").Outcome);
    }

    [Fact]
    public void The_definition_names_each_code_once_and_no_headers_file_is_valued()
    {
        Assert.Equal(Enumerable.Range(1, 14), Format.Kinds.Select(k => (int)k.Code));
        Assert.Equal(["posts", "comments"], Format.Kinds.Where(k => k.Scope == RowScope.Authored).Select(k => k.Name));
        Assert.All(RedditFiles.All.Where(k => k.HeadersOf is not null || k.Secret is not null), k => Assert.Null(k.Record));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("z", 35)]
    [InlineData("ed196k4", 31263121012)]
    public void An_id_is_a_number_that_rises_with_time(string id, ulong number)
    {
        Span<byte> canonical = stackalloc byte[16];
        var length = Base36.Canonicalise(Encoding.ASCII.GetBytes("t1_0" + id.ToUpperInvariant()), canonical);
        Assert.True(Base36.TryParse(canonical[..length], out var value));
        Assert.Equal(number, value);
        Assert.False(Base36.TryParse("zzzzzzzzzzzzz"u8[..13], out _));
    }

    private static void AssertOnlyPublic(RedditFileKind kind, string header, string fileName, ExportReading reading, ZipArchive cleaned, string form)
    {
        if (kind.Secret is { } secret)
        {
            Assert.Null(cleaned.GetEntry(fileName));
            Assert.Contains(reading.Private, d => d.File == fileName && d.Column is null && d.Reason == secret);
            return;
        }

        var columns = header.Split(',');
        var kept = columns.Where(c => kind.KnownColumns.Contains(c) && !kind.IsPrivate(c)).ToList();
        using var reader = new StreamReader(cleaned.GetEntry(fileName)!.Open());
        Assert.True(string.Join(',', kept) == reader.ReadLine(), form);
        foreach (var left in columns.Except(kept))
            Assert.Contains(reading.Private, d => d.File == fileName && d.Column == left && d.Reason.Length > 0);
    }

    private static (ExportReading Reading, ZipArchive Cleaned) Clean(string kind, string fileName, string text)
    {
        var output = new MemoryStream();
        var cleaned = Format.TryClean(ExportSource.Open(new MemoryStream(Archive(kind, fileName, text))), output).OrThrow();
        output.Position = 0;
        Assert.Empty(Format.TryRead(ExportSource.OpenArchive(output)).OrThrow().Private);
        return (cleaned.Original, new ZipArchive(output));
    }

    // The file with what every export has; never beside the file that it would have to agree with.
    private static byte[] Archive(string kind, string fileName, string text)
    {
        var files = HostileExports.Honest();
        files.Remove("comment_votes.csv");
        files.Remove("comment_headers.csv");
        if (kind is "comments" or "comment_headers")
        {
            files.Remove("comments.csv");
            files["posts.csv"] = Encoding.UTF8.GetBytes(Rows(RedditFiles.Kind("posts").Header, "\r\n"));
        }

        return HostileExports.Zip(With(files, fileName, text));
    }

    private static Dictionary<string, byte[]> With(Dictionary<string, byte[]> files, string name, string text)
    {
        files[name] = Encoding.UTF8.GetBytes(text);
        return files;
    }

    private static IEnumerable<(string Text, string Form)> Forms(string header)
    {
        yield return (Rows(header, "\r\n"), "as Reddit writes it");
        yield return ("\uFEFF" + Rows(header, "\r\n"), "byte-order mark");
        yield return (Rows(header, "\n"), "line feeds");
        yield return (Rows(header, "\r\n").TrimEnd(), "no line end at the end");
    }

    private static string Rows(string header, string lineEnd)
    {
        var text = new StringBuilder(header).Append(lineEnd);
        for (var row = 1; row <= 2; row++)
            text.AppendJoin(',', header.Split(',').Select(c => Value(c, row))).Append(lineEnd);
        return text.ToString();
    }

    private static string Value(string column, int row) => column switch
    {
        "id" or "post_id" => $"ed19{row}",
        "permalink" or "content_link" => $"https://www.reddit.com/r/trains/comments/adu{row}/",
        "date" => $"2019-01-0{row} 20:49:28 UTC",
        "subreddit" => "trains",
        "direction" => "up",
        _ => $"\"{column} {row}, \"\"quoted\"\"\"",
    };
}
