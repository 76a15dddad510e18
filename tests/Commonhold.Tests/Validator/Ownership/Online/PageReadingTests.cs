using System.Text.Json;
using Commonhold.Validator.Ownership.Online;

namespace Commonhold.Tests.Validator.Ownership.Online;

/// <summary>Where on a page something is looked for, and where not.</summary>
public sealed class PageReadingTests
{
    // RFC 6901 §5, as far as it leads to texts and whole numbers.
    private const string Document = """{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8,"o":{"p":null,"q":1.5,"r":true}}""";

    [Theory]
    [InlineData("/foo/0", "bar")]
    [InlineData("/foo/1", "baz")]
    [InlineData("/", "0")]
    [InlineData("/a~1b", "1")]
    [InlineData("/c%d", "2")]
    [InlineData("/e^f", "3")]
    [InlineData("/i\\j", "5")]
    [InlineData("/k\"l", "6")]
    [InlineData("/ ", "7")]
    [InlineData("/m~0n", "8")]
    [InlineData("", null)]
    [InlineData("/foo", null)]
    [InlineData("/foo/2", null)]
    [InlineData("/foo/00", null)]
    [InlineData("/foo/-", null)]
    [InlineData("/foo/+1", null)]
    [InlineData("/foo/0/x", null)]
    [InlineData("/o/p", null)]
    [InlineData("/o/q", null)]
    [InlineData("/o/r", null)]
    [InlineData("/nothing", null)]
    [InlineData("foo/0", null)]
    public void A_pointer_leads_where_RFC_6901_says(string pointer, string? found)
    {
        using JsonDocument json = JsonDocument.Parse(Document);
        Assert.Equal(found, JsonPointer.Find(json.RootElement, pointer));
    }

    [Theory]
    [InlineData("double quotes", "<head><meta name=\"d\" content=\"x &amp; y\"></head>", "x & y")]
    [InlineData("single quotes", "<head><META CONTENT='x' NAME='d'/></head>", "x")]
    [InlineData("no quotes", "<head><meta name=d content=x></head>", "x")]
    [InlineData("property", "<head><meta property = \"d\" content = \"x\"></head>", "x")]
    [InlineData("in a comment", "<head><!-- <meta name=d content=x> --></head>", null)]
    [InlineData("after an empty comment", "<head><!--><meta name=d content=x></head>", "x")]
    [InlineData("in a script", "<head><script>'<meta name=d content=x>'</script></head>", null)]
    [InlineData("in the title", "<head><title><meta name=d content=x></title></head>", null)]
    [InlineData("in another's quotes", "<head><meta name=e content=\"<meta name=d content=x>\"></head>", null)]
    [InlineData("in the body", "<head></head><body><meta name=d content=x></body>", null)]
    [InlineData("in the body of a page without a head", "<body><meta name=d content=x></body>", null)]
    [InlineData("after the head", "<head></head><meta name=d content=x>", null)]
    [InlineData("twice", "<head><meta name=d content=x><meta name=d content=y></head>", null)]
    [InlineData("a name that stands twice", "<head><meta name=e name=d content=x></head>", null)]
    [InlineData("no content", "<head><meta name=d></head>", null)]
    [InlineData("cut off", "<head><meta name=d content=\"x", "")]
    [InlineData("an unfinished comment", "<head><!-- <meta name=d content=x>", null)]
    [InlineData("nothing", "", null)]
    [InlineData("a lone bracket", "<", null)]
    public void A_meta_element_counts_in_the_head_and_once(string name, string html, string? found) =>
        Assert.Equal((name, found), (name, HtmlMeta.Find(html, "d")));
}
