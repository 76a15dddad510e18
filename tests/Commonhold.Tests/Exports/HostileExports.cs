using System.Security.Cryptography;
using System.Text;

namespace Commonhold.Tests.Exports;

/// <summary>The corpus of bad exports: for each code, inputs that must be refused with it. Made in memory, nothing on disk.</summary>
public static class HostileExports
{
    private const string Statistics =
        "statistic,value\r\naccount name,tidy_otter\r\nexport time,2024-11-19 07:06:40 UTC\r\nregistration date,2015-02-18 20:49:28 UTC\r\nemail address,tidy_otter@example.org\r\n";

    public const string CommentHeader = "id,permalink,date,ip,subreddit,gildings,link,parent,body,media\r\n";
    private const string HeadersHeader = "id,permalink,date,ip,subreddit,gildings,link,parent\r\n";

    /// <summary>An honest little export, the base that each bad one departs from.</summary>
    public static Dictionary<string, byte[]> Honest() => new(StringComparer.Ordinal)
    {
        ["comments.csv"] = Bytes(CommentHeader + Comment("ed196k4") + Comment("ed1aaig")),
        ["comment_headers.csv"] = Bytes(HeadersHeader + Headers("ed196k4") + Headers("ed1aaig")),
        ["comment_votes.csv"] = Bytes("id,permalink,direction\r\nedkq0wf,https://www.reddit.com/r/gay/comments/adua71/_/edkq0wf/,up\r\n"),
        ["ip_logs.csv"] = Bytes("date,ip\r\nregistration ip,203.0.113.86\r\n"),
        ["statistics.csv"] = Bytes(Statistics),
    };

    public static byte[] HonestZip() => Zip(Honest());

    /// <summary>Name of the case, the code it must get, and the bytes.</summary>
    public static IEnumerable<(string Name, string Code, Func<byte[]> Make)> All() => [.. Archives(), .. Files()];

    private static IEnumerable<(string, string, Func<byte[]>)> Archives()
    {
        yield return ("empty file", "export.not_zip", () => []);
        yield return ("text", "export.not_zip", () => Bytes("id,permalink\r\n"));
        yield return ("cut in the middle", "export.truncated", () => HonestZip()[..600]);
        yield return ("cut before the last byte", "export.truncated", () => HonestZip()[..^1]);
        yield return ("zip bomb, declared", "export.zip_bomb", () => With("comments.csv", new byte[50 << 20]));
        yield return ("zip bomb, lying about its size", "export.zip_bomb",
            () => With(new RawEntry("comments.csv", Bytes(CommentHeader + new string('\n', 1 << 20))) { DeclaredSize = 3000 }));
        yield return ("shorter than declared", "export.corrupt",
            () => With(new RawEntry("comments.csv", Honest()["comments.csv"]) { DeclaredSize = 5000 }));
        yield return ("wrong checksum", "export.corrupt", () => With(new RawEntry("comments.csv", Honest()["comments.csv"]) { DeclaredCrc = 7 }));
        yield return ("bytes that do not inflate", "export.corrupt", () => FlipInside("comments.csv"));
        yield return ("too many entries", "export.too_many_entries",
            () => RawZip.Write([.. Enumerable.Range(0, 200).Select(i => new RawEntry($"post_votes_{i}.csv", Bytes("id,permalink,direction\r\n")))]));
        yield return ("more entries announced than there are", "export.truncated", () => RawZip.Write(Entries(Honest()), count: 100));
        foreach (var path in (string[])["../comments.csv", "/etc/passwd", "..\\comments.csv", "C:comments.csv", "a/../../comments.csv"])
            yield return ($"path {path}", "export.path_traversal", () => With(new RawEntry(path, [])));
        yield return ("symbolic link", "export.link", () => With(new RawEntry("posts.csv", Bytes("/etc/passwd")) { Attributes = 0xA1FFu << 16 }));
        yield return ("folder", "export.unknown_file", () => With(new RawEntry("export/", []) { Attributes = (0x41EDu << 16) | 0x10 }));
        yield return ("macOS leftovers", "export.unknown_file", () => With(new RawEntry("__MACOSX/._comments.csv", Bytes("x"))));
        yield return ("unknown name", "export.unknown_file", () => With(new RawEntry("passwords.csv", Bytes("a\r\n"))));
        yield return ("name in other letters", "export.unknown_file", () => With(new RawEntry("сomments.csv", Bytes("a\r\n"))));
        yield return ("the same name twice", "export.duplicate_entry", () => With(new RawEntry("comments.csv", Honest()["comments.csv"])));
        yield return ("the same name in capitals", "export.duplicate_entry", () => With(new RawEntry("Comments.CSV", Honest()["comments.csv"])));
        yield return ("encrypted", "export.encrypted_entry", () => With(new RawEntry("posts.csv", Bytes("x")) { Flags = 1 }));
        yield return ("encrypted with AES", "export.encrypted_entry",
            () => With(new RawEntry("posts.csv", Bytes("x")) { CentralExtra = [0x01, 0x99, 2, 0, 1, 0] }));
        yield return ("a second name in an extra field", "export.zip_malformed",
            () => With(new RawEntry("posts.csv", Bytes("x")) { CentralExtra = [0x75, 0x70, 2, 0, 1, 0] }));
        yield return ("archive inside", "export.nested_archive", () => With(new RawEntry("posts.zip", HonestZip())));
        yield return ("archive under a CSV name", "export.nested_archive", () => With(new RawEntry("posts.csv", HonestZip())));
        yield return ("unknown compression", "export.zip_method", () => With(new RawEntry("posts.csv", Bytes("x")) { Method = 93 }));
        yield return ("local header with another name", "export.zip_disagrees",
            () => With(new RawEntry("posts.csv", Bytes("x")) { LocalName = "drafts.c" + "v" }));
        yield return ("two entries over the same bytes", "export.overlap", () => With(new RawEntry("posts.csv", Bytes("x")) { HeaderOffset = 0 }));
        yield return ("bytes before the archive", "export.zip_malformed", () => RawZip.Write(Entries(Honest()), before: Bytes("#!/bin/sh\n")));
        yield return ("bytes between entries and directory", "export.zip_malformed", () => RawZip.Write(Entries(Honest()), gap: Bytes("hidden")));
        yield return ("bytes after the archive", "export.zip_malformed", () => [.. HonestZip(), .. Bytes("hidden")]);
        yield return ("several disks", "export.zip_malformed", () => With(new RawEntry("posts.csv", Bytes("x")) { Disk = 3 }));
        yield return ("zip64 size", "export.zip64", () => With(new RawEntry("posts.csv", Bytes("x")) { DeclaredSize = uint.MaxValue }));
        yield return ("somebody else's archive", "export.not_reddit", () => RawZip.Write([new RawEntry("manifest.js", Bytes("{}"))]));
    }

    private static IEnumerable<(string, string, Func<byte[]>)> Files()
    {
        yield return ("column missing", "export.header", () => With("comments.csv", "id,permalink,date\r\n"));
        yield return ("column named twice", "export.header", () => With("comment_votes.csv", "id,permalink,direction,id\r\n"));
        yield return ("no header at all", "export.header", () => With("comments.csv", ""));
        yield return ("row of ten million columns", "export.row_too_wide", () => With(new RawEntry("comments.csv", Bytes(CommentHeader + new string(',', 10_000_000))) { Method = 0 }));
        yield return ("row one column too wide", "export.row_too_wide", () => With("comment_votes.csv", "id,permalink,direction\r\na,b,up,c\r\n"));
        yield return ("row too narrow", "export.row_too_narrow", () => With("comment_votes.csv", "id,permalink,direction\r\na,b\r\n"));
        yield return ("lone quote", "export.quote", () => With("comment_votes.csv", "id,permalink,direction\r\na\"b,c,up\r\n"));
        yield return ("text after a closing quote", "export.quote", () => With("comment_votes.csv", "id,permalink,direction\r\n\"a\"b,c,up\r\n"));
        yield return ("quote never closed", "export.quote", () => With("comment_votes.csv", "id,permalink,direction\r\n\"a,b,up\r\n"));
        yield return ("carriage return alone", "export.line_ending", () => With("comment_votes.csv", "id,permalink,direction\ra,b,up\r"));
        yield return ("UTF-16, little end first", "export.utf16", () => With("comment_votes.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("id,permalink,direction\r\n")]));
        yield return ("UTF-16, big end first", "export.utf16", () => With("comment_votes.csv", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("id\r\n")]));
        yield return ("UTF-16 without a mark", "export.nul_byte", () => With("comment_votes.csv", Encoding.Unicode.GetBytes("id,permalink,direction\r\n")));
        yield return ("NUL byte", "export.nul_byte", () => With("comment_votes.csv", "id,permalink,direction\r\na\0b,c,up\r\n"));
        yield return ("Latin-1", "export.encoding", () => With("comment_votes.csv", [.. Bytes("id,permalink,direction\r\n"), 0xE9, .. Bytes(",b,up\r\n")]));
        yield return ("field of a megabyte", "export.field_too_long", () => With("comment_votes.csv", "id,permalink,direction\r\n" + Noise(600_000) + ",b,up\r\n"));
        yield return ("row of two megabytes", "export.row_too_long",
            () => With("comment_votes.csv", "id,permalink,direction\r\n" + string.Join(',', Enumerable.Repeat(Noise(500_000), 5)) + "\r\n"));
        yield return ("no checkfile", "export.checkfile", () => RawZip.Write(Entries(Honest(), withCheckfile: false)));
        yield return ("file edited after the checkfile was made", "export.checkfile", () => EditedAfterCheckfile());
        yield return ("file removed after the checkfile was made", "export.checkfile", () => RawZip.Write([.. Entries(Honest()).Where(e => e.Name != "comment_votes.csv")]));
        yield return ("file not listed", "export.checkfile", () => With(new RawEntry("posts.csv", Bytes("id,permalink,date,ip,subreddit,gildings,title,url,body\r\n"))));
        yield return ("checkfile without digests", "export.checkfile", () => WithCheckfile("filename,sha256\r\ncomments.csv,none\r\n"));
        yield return ("headers with another row", "export.headers_mismatch", () => With("comment_headers.csv", HeadersHeader + Headers("ed196k4") + Headers("ed1zzzz")));
        yield return ("headers with a row less", "export.headers_mismatch", () => With("comment_headers.csv", HeadersHeader + Headers("ed196k4")));
        yield return ("headers with another parent", "export.headers_mismatch",
            () => With("comment_headers.csv", HeadersHeader + Headers("ed196k4") + Headers("ed1aaig").Replace("t1_x", "t1_y", StringComparison.Ordinal)));
        yield return ("comment before registration", "export.date_out_of_life", () => WithDate("2014-01-01 00:00:00 UTC"));
        yield return ("comment after the export", "export.date_out_of_life", () => WithDate("2024-11-25 00:00:00 UTC"));
        yield return ("comment without a date", "export.date", () => WithDate("yesterday"));
        yield return ("comment on 30 February", "export.date", () => WithDate("2019-02-30 00:00:00 UTC"));
        yield return ("no account name", "export.statistics", () => With("statistics.csv", Statistics.Replace("account name", "name", StringComparison.Ordinal)));
        yield return ("no registration date", "export.statistics", () => With("statistics.csv", Statistics.Replace("registration", "birth", StringComparison.Ordinal)));
        yield return ("account name that is none", "export.statistics", () => With("statistics.csv", Statistics.Replace("tidy_otter\r", "<script>\r", StringComparison.Ordinal)));
        yield return ("two account names", "export.statistics", () => With("statistics.csv", Statistics + "account name,other\r\n"));
    }

    public static byte[] With(string name, string content) => With(name, Bytes(content));

    public static byte[] With(string name, byte[] content)
    {
        var files = Honest();
        files[name] = content;
        return Zip(files);
    }

    public static byte[] Zip(Dictionary<string, byte[]> files) => RawZip.Write(Entries(files));

    public static string Comment(string id, string date = "2019-01-01 20:49:28 UTC") =>
        $"{id},https://www.reddit.com/r/ireland/comments/abi6a8/_/{id}/,{date},203.0.113.217,ireland,0,https://www.reddit.com/r/ireland/comments/abi6a8/,t1_x,\"Well, \"\"hello\"\" there\",\r\n";

    private static string Headers(string id, string date = "2019-01-01 20:49:28 UTC") =>
        $"{id},https://www.reddit.com/r/ireland/comments/abi6a8/_/{id}/,{date},203.0.113.217,ireland,0,https://www.reddit.com/r/ireland/comments/abi6a8/,t1_x\r\n";

    private static byte[] WithDate(string date)
    {
        var files = Honest();
        files["comments.csv"] = Bytes(CommentHeader + Comment("ed196k4", date));
        files["comment_headers.csv"] = Bytes(HeadersHeader + Headers("ed196k4", date));
        return Zip(files);
    }

    // Adds an entry, or puts it in the place of the honest one when its sizes or checksum are to lie.
    private static byte[] With(RawEntry extra)
    {
        var entries = Entries(Honest());
        if (extra.DeclaredSize is not null || extra.DeclaredCrc is not null || extra.Method == 0)
            entries.RemoveAll(e => e.Name == extra.Name);
        entries.Add(extra);
        return RawZip.Write(entries);
    }

    private static byte[] WithCheckfile(string checkfile) =>
        RawZip.Write([.. Entries(Honest(), withCheckfile: false), new RawEntry("checkfile.csv", Bytes(checkfile))]);

    private static byte[] EditedAfterCheckfile()
    {
        var entries = Entries(Honest());
        var index = entries.FindIndex(e => e.Name == "comment_votes.csv");
        entries[index] = entries[index] with { Content = Bytes("id,permalink,direction\r\nedkq0wf,https://www.reddit.com/r/gay/,down\r\n") };
        return RawZip.Write(entries);
    }

    private static byte[] FlipInside(string name)
    {
        var bytes = HonestZip();
        var at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(name)) + name.Length;
        bytes.AsSpan(at + 4, 40).Fill(0xFF);
        return bytes;
    }

    private static List<RawEntry> Entries(Dictionary<string, byte[]> files, bool withCheckfile = true)
    {
        var entries = files.Select(f => new RawEntry(f.Key, f.Value)).ToList();
        if (withCheckfile)
            entries.Add(new RawEntry("checkfile.csv", Bytes("filename,sha256\r\n" + string.Concat(
                files.Select(f => $"{f.Key},{Convert.ToHexStringLower(SHA256.HashData(f.Value))}\r\n")))));
        return entries;
    }

    // Text that does not compress well, so that the size is refused for what it is and not as a bomb.
    private static string Noise(int length)
    {
        var state = 88172645463325252UL;
        return string.Create(length, state, static (span, seed) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                span[i] = (char)('a' + (seed % 26));
            }
        });
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
