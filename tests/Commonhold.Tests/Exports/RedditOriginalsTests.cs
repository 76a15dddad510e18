using System.Security.Cryptography;
using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;

namespace Commonhold.Tests.Exports;

/// <summary>Files that only a validator is shown, against each other and against the export that was contributed.</summary>
public sealed class RedditOriginalsTests
{
    private static readonly RedditFormat Format = new();
    private static readonly Dictionary<string, byte[]> Original = [];
    private static readonly ExportReading Cleaned = Clean(Original);

    [Fact]
    public void Files_out_of_the_same_export_fit_and_say_what_cleaning_keeps_at_home()
    {
        RedditOriginals read = Read(Original).OrThrow();
        Assert.Contains('@', read.EmailAddress!);
        Assert.All(read.Identities, i => Assert.NotEmpty(i.Subject));
        Assert.DoesNotContain(Cleaned.Files, f => f.Name == RedditOriginals.LinkedIdentities);
    }

    [Fact]
    public void Files_that_are_not_needed_need_not_be_shown()
    {
        RedditOriginals read = Read(new() { [RedditOriginals.Checkfile] = Original[RedditOriginals.Checkfile] }).OrThrow();
        Assert.Null(read.EmailAddress);
        Assert.Empty(read.Identities);
    }

    [Fact]
    public void An_altered_file_does_not_fit_its_checkfile() =>
        AssertRefused(With(RedditOriginals.Statistics, Replace(RedditOriginals.Statistics, "@", "@evil.")));

    [Fact]
    public void A_checkfile_is_needed()
    {
        Dictionary<string, byte[]> files = new(Original);
        files.Remove(RedditOriginals.Checkfile);
        AssertRefused(files);
    }

    [Fact]
    public void Another_accounts_statistics_do_not_fit_even_with_a_checkfile_to_match()
    {
        byte[] statistics = Replace(RedditOriginals.Statistics, Cleaned.Account.Id!, "somebody_else");
        AssertRefused(Relisted(RedditOriginals.Statistics, statistics));
    }

    [Fact]
    public void A_checkfile_of_another_export_does_not_fit()
    {
        Dictionary<string, byte[]> files = [];
        ExportReading other = Clean(files, account: 7);
        Assert.False(RedditOriginals.Read([.. files.Select(f => (f.Key, f.Value))], Cleaned).IsAccepted);
        Assert.False(RedditOriginals.Read([.. Original.Select(f => (f.Key, f.Value))], other).IsAccepted);
    }

    [Fact]
    public void A_checkfile_that_lists_a_file_twice_or_lacks_one_is_refused()
    {
        string lines = Encoding.ASCII.GetString(Original[RedditOriginals.Checkfile]);
        string first = lines.Split("\r\n")[1];
        AssertRefused(With(RedditOriginals.Checkfile, Encoding.ASCII.GetBytes(lines + first + "\r\n")));
        string votes = lines.Split("\r\n").First(l => l.StartsWith("post_votes", StringComparison.Ordinal));
        AssertRefused(With(RedditOriginals.Checkfile, Encoding.ASCII.GetBytes(lines.Replace(votes + "\r\n", "", StringComparison.Ordinal))));
        AssertRefused(With(RedditOriginals.Checkfile, Encoding.ASCII.GetBytes(lines.Replace(votes, votes[..^1] + (votes[^1] == '0' ? '1' : '0'), StringComparison.Ordinal))));
    }

    [Fact]
    public void No_other_file_may_be_shown() => AssertRefused(With("ip_logs.csv", "date,ip\r\n"u8.ToArray()));

    private static ExportResult<RedditOriginals> Read(Dictionary<string, byte[]> files) => RedditOriginals.Read([.. files.Select(f => (f.Key, f.Value))], Cleaned);

    private static void AssertRefused(Dictionary<string, byte[]> files) => Assert.Equal("export.originals", Read(files).Refusal?.Code);

    private static Dictionary<string, byte[]> With(string name, byte[] content) => new(Original) { [name] = content };

    private static byte[] Replace(string name, string from, string to)
    {
        string text = Encoding.UTF8.GetString(Original[name]);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>With another file, and a checkfile that lists it: what a forger would make.</summary>
    private static Dictionary<string, byte[]> Relisted(string name, byte[] content) => new(Original)
    {
        [name] = content,
        [RedditOriginals.Checkfile] = Replace(
            RedditOriginals.Checkfile, Convert.ToHexStringLower(SHA256.HashData(Original[name])), Convert.ToHexStringLower(SHA256.HashData(content))),
    };

    private static ExportReading Clean(Dictionary<string, byte[]> original, int account = 0)
    {
        using MemoryStream export = new(), cleaned = new();
        Format.WriteSample(export, new SampleOptions(Account: account));
        ExportSource source = ExportSource.Open(export);
        foreach (string name in RedditOriginals.Names)
        {
            using EntryStream stream = source.Open(source.Find(name)!);
            using MemoryStream content = new();
            stream.CopyTo(content);
            original[name] = content.ToArray();
        }

        Format.TryClean(ExportSource.Open(export), cleaned).OrThrow();
        return Format.TryRead(ExportSource.OpenArchive(cleaned)).OrThrow();
    }
}
