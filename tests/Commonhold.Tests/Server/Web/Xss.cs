using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Commonhold.Tests.Server.Web;

/// <summary>Texts that try to become markup or code (tests/testdata/xss.txt), and the judge of pages that show them.</summary>
public static class Xss
{
    private static readonly HashSet<string> NoPageHas = new(StringComparer.OrdinalIgnoreCase)
    {
        "iframe", "object", "embed", "base", "style", "template", "portal", "marquee", "foreignobject", "animate", "mglyph", "math", "custom-element", "isindex", "frame", "applet", "x",
    };

    public static string[] Corpus { get; } = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "testdata", "xss.txt"));

    /// <summary>What a browser would run, load or obey of a page that is not the page's own; empty when every text stayed a text.</summary>
    public static IReadOnlyList<string> Dangers(string html)
    {
        var found = new List<string>();
        var document = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(html);
        foreach (var element in document.All)
        {
            if (NoPageHas.Contains(element.LocalName))
                found.Add($"<{element.LocalName}>");
            if (element.LocalName == "script" && !(element.GetAttribute("src")?.StartsWith("/assets/", StringComparison.Ordinal) == true && element.GetAttribute("integrity")?.StartsWith("sha384-", StringComparison.Ordinal) == true))
                found.Add($"a script that is not ours: {element.OuterHtml}");
            if (element.LocalName == "script" && element.TextContent.Length > 0)
                found.Add($"an inline script: {element.TextContent}");
            if (element.LocalName == "meta" && element.HasAttribute("http-equiv"))
                found.Add(element.OuterHtml);
            found.AddRange(element.Attributes.Where(IsDangerous).Select(attribute => $"{element.LocalName}: {attribute.Name}=\"{attribute.Value}\""));
        }

        return found;
    }

    private static bool IsDangerous(IAttr attribute) =>
        attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Name is "style" or "srcdoc" or "formaction" or "background" or "xlink:href"
        || (attribute.Name is "href" or "src" or "action" or "data" && !IsOurs(attribute.Value));

    /// <summary>A page of this node, a place on the page, or a link to the web that a person may follow.</summary>
    private static bool IsOurs(string address) =>
        address.StartsWith('#') || (address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal))
        || (address.StartsWith("https://", StringComparison.Ordinal) && !address.Contains("evil.example", StringComparison.Ordinal));
}
