using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Commonhold.Ethereum;
using Commonhold.ServerTests.Node;
using Commonhold.Tests.Cli;

namespace Commonhold.ServerTests.Web;

/// <summary>What holds for every answer: headers, names, limits, failures as pages for people and as problems for programs.</summary>
[Trait("Speed", "slow")]
public sealed class HttpTests(JourneyFixture fixture) : IClassFixture<JourneyFixture>
{
    private readonly RunningNode _node = fixture.Node;

    [AnvilTheory]
    [InlineData("a page", "/", "text/html")]
    [InlineData("a page that is not there", "/nothing", "text/html")]
    [InlineData("the interface", "/v1/dao", null)]
    [InlineData("a failure of the interface", "/v1/nothing", null)]
    [InlineData("a script that is not there", "/assets/site-0000000000000000.js", null)]
    [InlineData("events", "/v1/events", "text/event-stream")]
    public async Task Every_answer_carries_the_security_headers(string _, string path, string? accept)
    {
        using var answer = await AskAsync(path, accept);
        Assert.Contains("require-trusted-types-for 'script'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("blazor-enhanced-nav"));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [AnvilFact]
    public async Task What_a_platform_sends_back_with_a_member_is_neither_kept_nor_repeated_nor_logged()
    {
        const string secret = "code-of-one-sign-in";
        using var answer = await AskAsync($"/sign-in?code={secret}&state={secret}&iss=https%3A%2F%2F{secret}.example", "text/html");
        Assert.Equal((HttpStatusCode.OK, "no-store"), (answer.StatusCode, Header(answer, "Cache-Control")));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.DoesNotContain(secret, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // Neither where the node refuses it, nor where something fails, nor under the address in digits, which leads people on.
        using var refused = await SendAsync(HttpMethod.Post, $"/sign-in?code={secret}");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        using var foreign = await SendAsync(HttpMethod.Get, $"/sign-in?code={secret}", ("Host", "evil.example"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, foreign.StatusCode);
        Assert.DoesNotContain(secret, await foreign.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(_node.Log.Mentions(secret), "a line of the log has it");
    }

    [AnvilFact]
    public async Task A_failure_is_a_page_for_people_and_a_problem_for_programs()
    {
        using var forPeople = await AskAsync("/vote/never", "text/html,application/xhtml+xml");
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (forPeople.StatusCode, forPeople.Content.Headers.ContentType?.MediaType));
        Assert.Equal("There is no such page", new HtmlParser().ParseDocument(await forPeople.Content.ReadAsStringAsync()).QuerySelector("h1")!.TextContent);
        using var forPrograms = await AskAsync("/nothing", "application/json");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (forPrograms.StatusCode, forPrograms.Content.Headers.ContentType?.MediaType));
        using var ofTheInterface = await AskAsync("/v1/proposals/never", "text/html");
        Assert.Equal("application/problem+json", ofTheInterface.Content.Headers.ContentType?.MediaType);
    }

    [AnvilTheory]
    [InlineData("the first page", "/", "text/html")]
    [InlineData("a page", "/vote", "text/html")]
    [InlineData("a page that is not there", "/nothing", "text/html")]
    [InlineData("the interface", "/v1/dao", null)]
    [InlineData("a list", "/v1/proposals", null)]
    [InlineData("health", "/health/live", null)]
    [InlineData("figures", "/metrics", null)]
    [InlineData("a file", "/catalogue/croissant.json", null)]
    public async Task HEAD_is_answered_as_GET_without_the_body(string _, string path, string? accept)
    {
        using var whole = await AskAsync(path, accept);
        using var head = await SendAsync(HttpMethod.Head, path, accept is null ? [] : [("Accept", accept)]);
        Assert.Equal((whole.StatusCode, whole.Content.Headers.ContentType?.ToString()), (head.StatusCode, head.Content.Headers.ContentType?.ToString()));
        Assert.Equal(whole.Headers.Contains("Cache-Control") ? Header(whole, "Cache-Control") : null, head.Headers.Contains("Cache-Control") ? Header(head, "Cache-Control") : null);
        Assert.Equal("", await head.Content.ReadAsStringAsync());
    }

    [AnvilFact]
    public async Task HEAD_of_a_script_tells_its_size_and_of_a_stream_nothing()
    {
        var page = new HtmlParser().ParseDocument(await (await AskAsync("/", "text/html")).Content.ReadAsStringAsync());
        var script = page.QuerySelector("script[src]")!.GetAttribute("src")!;
        using var whole = await AskAsync(script, null);
        using var head = await SendAsync(HttpMethod.Head, script);
        Assert.Equal((HttpStatusCode.OK, whole.Content.Headers.ContentLength), (head.StatusCode, head.Content.Headers.ContentLength));
        using var events = await SendAsync(HttpMethod.Head, "/v1/events");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, events.StatusCode);
        using var upload = await SendAsync(HttpMethod.Head, $"/v1/uploads/{Bytes32.Zero}");
        Assert.Equal(HttpStatusCode.NotFound, upload.StatusCode);
        // A write is not read by another name.
        using var write = await SendAsync(HttpMethod.Head, "/v1/session/challenge");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, write.StatusCode);
    }

    [AnvilFact]
    public async Task The_first_page_is_kept_until_something_changes_and_a_reader_who_has_it_is_told_so()
    {
        using var first = await AskAsync("/", "text/html");
        using var again = await AskAsync("/", "text/html", ("If-None-Match", first.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("", await again.Content.ReadAsStringAsync());
        await SampleFile.Make(fixture.World).ContributeAsync(fixture.World, _node.Client);
        await Eventually.HoldsAsync(async () =>
        {
            using var later = await AskAsync("/", "text/html", ("If-None-Match", first.Headers.ETag!.ToString()));
            return later.StatusCode == HttpStatusCode.OK;
        }, "the page shows the contribution");
    }

    [AnvilFact]
    public async Task A_write_that_a_cookie_authorises_needs_the_token()
    {
        using var bare = await _node.Http.DeleteAsync("v1/session");
        Assert.Equal((HttpStatusCode.Forbidden, "request.forged"), (bare.StatusCode, await CodeAsync(bare)));
        using var form = await _node.Http.PostAsync("account/sign-out", new FormUrlEncodedContent([KeyValuePair.Create("_token", "made up")]));
        Assert.Equal((HttpStatusCode.Forbidden, "request.forged"), (form.StatusCode, await CodeAsync(form)));

        using var tokens = await _node.Http.GetAsync("v1/form-token");
        var token = (await tokens.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
        var cookie = Header(tokens, "Set-Cookie");
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        using var without = await SendAsync(HttpMethod.Delete, "/v1/session", ("X-Commonhold-Token", token));
        Assert.Equal("request.forged", await CodeAsync(without)); // The token is one half; the cookie, which no other site's page can send, the other.
        using var whole = await SendAsync(HttpMethod.Delete, "/v1/session", ("X-Commonhold-Token", token), ("Cookie", cookie.Split(';')[0]));
        Assert.True(whole.IsSuccessStatusCode, $"{whole.StatusCode}");
    }

    [AnvilFact]
    public async Task A_foreign_name_is_refused_whatever_is_asked()
    {
        foreach (var path in new[] { "/", "/v1/dao", "/metrics", "/v1/events", "/assets/x.js" })
        {
            using var answer = await SendAsync(HttpMethod.Get, path, ("Host", "evil.example"));
            Assert.Equal((path, HttpStatusCode.MisdirectedRequest), (path, answer.StatusCode));
        }
    }

    [AnvilFact]
    public async Task Open_pages_hear_what_kind_of_thing_changed()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        using var answer = await _node.Http.GetAsync("v1/events", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        await lines.ReadLineAsync(limit.Token);
        await SampleFile.Make(fixture.World).ContributeAsync(fixture.World, _node.Client);
        while (await lines.ReadLineAsync(limit.Token) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains("\"contributions\"", StringComparison.Ordinal))
                return;
        Assert.Fail("The stream ended.");
    }

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    private Task<HttpResponseMessage> AskAsync(string path, string? accept, params (string, string)[] headers) =>
        SendAsync(HttpMethod.Get, path, accept is null ? headers : [.. headers, ("Accept", accept)]);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        // localhost, the name that people use; and nothing is kept or followed, so that what is seen is the answer itself.
        using var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = new UriBuilder(_node.Http.BaseAddress!) { Host = "localhost" }.Uri };
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return path == "/v1/events" ? await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead) : await http.SendAsync(request);
    }
}
