using System.Reflection;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Home;
using Commonhold.Server.Home.Pages;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Components;
using Commonhold.Server.Web.Pages;
using Microsoft.AspNetCore.Components;

namespace Commonhold.Tests.Server.Web;

/// <summary>Whatever strangers write stays a text on the page: read the way a browser reads it.</summary>
/// <remarks>Pages that show purposes, descriptions, reasons and community names are held to the same corpus through a running node, in
/// Commonhold.ServerTests.</remarks>
public sealed class XssTests
{
    public static TheoryData<Type> Components => [.. typeof(Notice).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(Notice).Namespace && typeof(ComponentBase).IsAssignableFrom(type) && type != typeof(FormToken))];

    [Fact]
    public void The_corpus_has_at_least_sixty_texts() => Assert.True(Xss.Corpus.Distinct().Count() >= 60);

    [Fact]
    public void The_judge_sees_what_is_not_encoded() => // Some texts are dangerous in other places than these two; most are here.
        Assert.InRange(Xss.Corpus.Count(text => Xss.Dangers($"<p title=\"{text}\">{text}</p>").Count > 0), 50, Xss.Corpus.Length);

    [Theory]
    [MemberData(nameof(Components))]
    public async Task A_component_shows_every_text_as_text(Type component)
    {
        foreach (var text in Xss.Corpus)
        {
            var html = await Rendering.HtmlOfAsync(component, ParametersOf(component, text));
            Assert.Empty(Xss.Dangers($"<main>{html}</main>"));
        }
    }

    [Fact]
    public async Task The_first_page_shows_a_hostile_name_as_text()
    {
        foreach (var text in Xss.Corpus)
        {
            var model = new HomeModel(null, new Refusal("chain.not_ready", text, text), new Counts(), [], [], []);
            var html = await Rendering.PageAsync<HomePage, HomeModel>(model, name: text);
            Assert.Empty(Xss.Dangers(html));
            var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
            Assert.Equal(text, document.QuerySelector("h1")!.TextContent);
            Assert.StartsWith(text.TrimStart(), document.Title!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_about_a_failure_shows_what_was_asked_for_as_text()
    {
        foreach (var text in Xss.Corpus)
            Assert.Empty(Xss.Dangers(await Rendering.PageAsync<ErrorPage, ErrorModel>(new ErrorModel(new Refusal("request.not_found", text, text), 422))));
    }

    private static Dictionary<string, object?> ParametersOf(Type component, string text) => component.GetProperties()
        .Where(property => property.GetCustomAttribute<ParameterAttribute>() is not null)
        .ToDictionary(property => property.Name, property => ValueOf(property.PropertyType, text));

    private static object? ValueOf(Type type, string text) =>
        type == typeof(string) ? text
        : type == typeof(RenderFragment) ? (RenderFragment)(builder => builder.AddContent(0, text))
        : type == typeof(Address) ? Address.Parse("0x00000000000000000000000000000000000000aa")
        : type.IsValueType ? Activator.CreateInstance(type)
        : null;
}
