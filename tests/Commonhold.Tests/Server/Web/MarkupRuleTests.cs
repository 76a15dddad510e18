using System.Text.RegularExpressions;

namespace Commonhold.Tests.Server.Web;

/// <summary>What the content security policy and trusted types refuse in a browser is refused here first, in the sources.</summary>
public sealed partial class MarkupRuleTests
{
    public static TheoryData<string> Components => [.. Files("src/Commonhold.Server", "*.razor")];

    public static TheoryData<string> Scripts => [.. Files("web", "*.ts").Where(file => !file.StartsWith("web/agreement/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Components))]
    public void A_component_never_inserts_text_as_markup(string file) =>
        Assert.Empty(RawMarkup().Matches(Read(file)).Select(match => match.Value));

    [Theory]
    [MemberData(nameof(Components))]
    public void A_component_has_no_inline_script_style_or_handler(string file)
    {
        var markup = Code().Replace(Read(file), "");
        Assert.Empty(Inline().Matches(markup).Select(match => match.Value));
        Assert.All(ScriptTag().Matches(markup).Select(match => match.Value), tag =>
        {
            Assert.Equal("src/Commonhold.Server/Web/Layout/PageFrame.razor", file);
            Assert.Contains("integrity=", tag, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_never_makes_markup_or_code_of_text(string file) =>
        Assert.Empty(Sinks().Matches(Read(file)).Select(match => match.Value));

    [Fact]
    public void Only_one_place_makes_a_trusted_types_policy() =>
        Assert.Equal(["web/shared/worker.ts"], Files("web", "*.ts").Where(file => Read(file).Contains("createPolicy(\"", StringComparison.Ordinal)));

    [Fact]
    public void Every_control_of_a_form_that_posts_is_guarded_against_forgery() => Assert.Empty(Files("src/Commonhold.Server", "*.razor")
        .Where(file => PostForm().Count(Read(file)) != FormToken().Count(Read(file))));

    private static IEnumerable<string> Files(string folder, string pattern) => Directory.GetFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Where(file => !Outside().IsMatch(file)).Order(StringComparer.Ordinal);

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@"/(bin|obj|node_modules|dist)/")]
    private static partial Regex Outside();

    [GeneratedRegex(@"MarkupString|AddMarkupContent|HtmlString|Html\.Raw")]
    private static partial Regex RawMarkup();

    [GeneratedRegex(@"@code\s*\{[\s\S]*|@\*[\s\S]*?\*@")]
    private static partial Regex Code();

    [GeneratedRegex(@"\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*[""']|@on[a-z]+\s*=|javascript:|<script\b(?![^>]*\ssrc=)|\sdata-[a-z-]*html\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();

    [GeneratedRegex(@"<script\b[^>]*>")]
    private static partial Regex ScriptTag();

    [GeneratedRegex(@"\b(inner|outer)HTML\b|insertAdjacentHTML|setHTMLUnsafe|document\.write|createContextualFragment|parseFromString|\bsrcdoc\b|\beval\(|new Function\(|\.style\b|cssText|setTimeout\([""'`]|importScripts|document\.cookie")]
    private static partial Regex Sinks();

    [GeneratedRegex(@"<form\b[^>]*method=""post""", RegexOptions.IgnoreCase)]
    private static partial Regex PostForm();

    [GeneratedRegex(@"<FormToken\b")]
    private static partial Regex FormToken();
}
