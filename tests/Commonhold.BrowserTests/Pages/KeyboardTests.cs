using System.Text.Json;
using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.Pages;

/// <summary>Somebody without a mouse.</summary>
[Collection(PagesCollection.Name)]
public sealed class KeyboardTests(Commons commons)
{
    public static TheoryData<string> Pages() => Addresses.Data();

    [ChromiumTheory]
    [MemberData(nameof(Pages))]
    public Task Tab_reaches_every_action_and_shows_where_it_is(string page) => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor");
        await visitor.GoAsync(Addresses.Of(page, commons));
        await visitor.SettledAsync();
        var expected = await visitor.Page.EvaluateAsync<int>(Mark);
        var wrong = new List<string>();
        // A script may add stops while we go; once round is enough, and nobody is kept going round.
        for (var presses = 0; presses < expected + 40; presses++)
        {
            if (presses > expected && (await visitor.Page.EvaluateAsync<string[]>(Missed)).Length == 0)
                break;
            await visitor.Page.Keyboard.PressAsync("Tab");
            if (await visitor.Page.EvaluateAsync<string>(Focused) is { Length: > 0 } fault)
                wrong.Add(fault);
        }

        wrong.AddRange(await visitor.Page.EvaluateAsync<string[]>(Missed));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct()));
    }, $"keyboard {page}");

    [ChromiumFact]
    public Task First_stop_is_a_link_past_the_navigation_and_it_works() => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor");
        await visitor.GoAsync("/");
        await visitor.Page.Keyboard.PressAsync("Tab");
        var skip = visitor.Page.Locator(":focus");
        await Assertions.Expect(skip).ToBeVisibleAsync();
        await Assertions.Expect(skip).ToContainTextAsync("Skip");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Main).ToBeFocusedAsync();
    });

    private const string Mark = """
        () => {
          const actions = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter((e) =>
            !e.disabled && e.type !== "hidden" && e.checkVisibility({ visibilityProperty: true }) && !e.closest("[inert], dialog:not([open])"));
          // Of radio buttons of one group only the chosen one is a stop.
          const stops = actions.filter((e) => e.type !== "radio" || e.checked || ![...document.getElementsByName(e.name)].some((o) => o.checked) && document.getElementsByName(e.name)[0] === e);
          stops.forEach((e) => { e.__look = look(e); });
          globalThis.__lookOf = look;
          globalThis.__stops = new Set(stops);
          return stops.length;
          function look(e) { return [e, e.closest("label")].filter(Boolean).map((x) => { const s = getComputedStyle(x); return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor, s.backgroundColor, s.textDecorationLine, s.textDecorationThickness].join("|"); }).join(";"); }
        }
        """;

    private const string Focused = """
        () => {
          const e = document.activeElement;
          if (!e || e === document.body) return "";
          globalThis.__stops.delete(e);
          const s = getComputedStyle(e);
          const name = `<${e.tagName.toLowerCase()} class="${e.className}"> ${(e.textContent || e.getAttribute("aria-label") || e.id || "").trim().slice(0, 40)}`;
          const box = e.getBoundingClientRect();
          if (e.__look === globalThis.__lookOf(e) && !(s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0)) return `${name} looks the same with the focus as without`;
          if (box.width === 0 || box.height === 0) return `${name} has the focus and no size`;
          return "";
        }
        """;

    // What a live part of the page has replaced meanwhile cannot be reached any more, and need not be.
    private const string Missed = """
        () => [...globalThis.__stops].filter((e) => e.isConnected).map((e) => `Tab does not reach <${e.tagName.toLowerCase()} class="${e.className}"> ${(e.textContent || e.id || "").trim().slice(0, 40)}`)
        """;
}
