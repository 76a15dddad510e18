using Commonhold.Exports;
using Commonhold.Exports.X;
using Commonhold.Tests.Exports.Tables;

namespace Commonhold.Tests.Exports.X;

public class XArchiveTests
{
    private static readonly ExportFormat Format = ExportFormats.ForSchema("x-archive-v1")!;
    private const string Account = """window.YTD.account.part0 = [ { "account" : { "email" : "a@mail.example", "accountId" : "42", "createdAt" : "2009-05-14T08:20:11.000Z" } } ]""";

    // The numbers and moments of two real posts.
    [Theory]
    [InlineData("a post of 2023", "1690395372546301952", "Sat Aug 12 16:10:37 +0000 2023", null)]
    [InlineData("a post of 2018", "1050118621198921728", "Wed Oct 10 20:19:24 +0000 2018", null)]
    [InlineData("a second late", "1050118621198921728", "Wed Oct 10 20:19:25 +0000 2018", "export.id_time")]
    [InlineData("a second early", "1050118621198921728", "Wed Oct 10 20:19:23 +0000 2018", "export.id_time")]
    [InlineData("another zone's hour", "1050118621198921728", "Wed Oct 10 22:19:24 +0000 2018", "export.id_time")]
    [InlineData("counted up, before numbers held the time", "1800000000", "Mon Jun 01 12:00:00 +0000 2009", null)]
    [InlineData("a date before the account", "1800000000", "Sun Jun 01 12:00:00 +0000 2008", "export.date_out_of_life")]
    [InlineData("no date", "1800000000", "yesterday", "export.field_invalid")]
    [InlineData("no number", "abc", "Mon Jun 01 12:00:00 +0000 2009", "export.field_invalid")]
    public void A_posts_number_holds_its_second(string name, string id, string created, string? code)
    {
        var export = Packages.Zip(
            ("data/account.js", Account),
            ("data/tweets.js", Tweets(id, created, "hello")));
        Assert.Equal((name, code), (name, Packages.Clean(Format, export, out _).Refusal?.Code));
    }

    [Fact]
    public void Posts_notes_and_likes_are_told_apart_and_reposts_stay_behind()
    {
        var archive = XSample.Make(1, 0, 200, XForm.Parts);
        using var bytes = new MemoryStream();
        archive.WriteZip(bytes);
        var records = Packages.RecordsOf(Format, Packages.Clean(Format, bytes.ToArray()));
        Assert.Equal(new ExportAccount("x", XSample.AccountId(0), new(2009, 5, 14, 8, 20, 11, TimeSpan.Zero), new(2025, 2, 3, 10, 11, 12, TimeSpan.Zero)), records.Account);
        Assert.Equal(["likes", "notes", "posts"], records.All.Select(r => r.Kind).Distinct().Order());
        var posts = records.All.Where(r => r.Kind == "posts").ToList();
        Assert.DoesNotContain(posts, p => p.Text.StartsWith("RT @", StringComparison.Ordinal));
        Assert.All(posts, p => Assert.NotNull(p.IdNumber));
        Assert.All(posts, p => Assert.NotNull(p.Time));
        Assert.Equal(200 - (200 / 9) + 1, posts.Count);
        Assert.Equal(RowScope.Authored, Format.Kinds.Single(k => k.Name == "posts").Scope);
        Assert.All(records.All.Where(r => r.Kind == "likes"), l => Assert.Empty(l.Text));
    }

    [Fact]
    public void The_same_posts_have_the_same_keys_in_every_form()
    {
        var flat = Keys(XForm.Flat);
        Assert.Equal(flat, Keys(XForm.Data));
        Assert.Superset(flat, Keys(XForm.Parts));
    }

    [Theory]
    [InlineData("not JSON", "window.YTD.tweets.part0 = [ {", "export.json_invalid")]
    [InlineData("no assignment", "[]", "export.json_invalid")]
    [InlineData("a call", "alert(1); window.YTD.tweets.part0 = []", "export.json_invalid")]
    [InlineData("code behind it", """window.YTD.tweets.part0 = []; alert(1)""", "export.json_invalid")]
    [InlineData("UTF-16", "\uFEFF", "export.json_invalid")]
    public void A_broken_script_is_refused(string name, string script, string code)
    {
        var export = Packages.Zip(("data/account.js", Account), ("data/tweets.js", script));
        Assert.Equal((name, code), (name, Packages.Clean(Format, export, out _).Refusal?.Code));
    }

    [Fact]
    public void A_name_that_stands_twice_in_a_post_is_refused()
    {
        var twice = Tweets("1800000000", "Mon Jun 01 12:00:00 +0000 2009", "a").Replace("\"lang\"", "\"full_text\": \"b\", \"lang\"", StringComparison.Ordinal);
        var export = Packages.Zip(("data/account.js", Account), ("data/tweets.js", twice));
        Assert.Equal("export.duplicate_name", Packages.Clean(Format, export, out _).Refusal?.Code);
    }

    [Fact]
    public void An_archive_that_names_no_account_is_refused()
    {
        var export = Packages.Zip(("data/tweets.js", Tweets("1800000000", "Mon Jun 01 12:00:00 +0000 2009", "a")));
        Assert.Equal("export.account_missing", Packages.Clean(Format, export, out _).Refusal?.Code);
    }

    private static string Tweets(string id, string created, string text) =>
        $$"""window.YTD.tweets.part0 = [ { "tweet" : { "id_str" : "{{id}}", "created_at" : "{{created}}", "full_text" : "{{text}}", "lang" : "en" } } ]""";

    private static HashSet<string> Keys(XForm form)
    {
        using var bytes = new MemoryStream();
        XSample.Make(5, 1, 90, form).WriteZip(bytes);
        return [.. Packages.RecordsOf(Format, Packages.Clean(Format, bytes.ToArray())).All.Where(r => r.Kind == "posts").Select(r => r.Key)];
    }
}
