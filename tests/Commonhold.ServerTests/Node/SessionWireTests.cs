using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commonhold.Ethereum;

namespace Commonhold.ServerTests.Node;

/// <summary>Signing in and out as a browser does it: the cookie's rules, the form's token, and what pages show of it.</summary>
[Trait("Speed", "slow")]
public sealed class SessionWireTests : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private readonly Secp256k1Key _alice = Secp256k1Key.Generate();
    private NodeWorld _world = null!;
    private RunningNode _node = null!;

    public async Task InitializeAsync()
    {
        if (!Commonhold.Tests.Require.Anvil())
            return;
        _world = await NodeWorld.CreateAsync();
        _node = await RunningNode.StartAsync(_world, _scratch.Path);
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        if (_world is not null)
            await _world.DisposeAsync();
        _alice.Dispose();
        _scratch.Dispose();
    }

    [AnvilFact]
    public async Task Somebody_signs_in_sees_it_on_every_page_and_signs_out()
    {
        using var browser = new Browser(_node.Http.BaseAddress!, keepsSecureCookies: true);
        var answer = await EnterAsync(browser);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var cookie = Assert.Single(browser.Set, set => set.StartsWith("__Host-commonhold-session=", StringComparison.Ordinal) && !set.Contains("session=;", StringComparison.Ordinal));
        foreach (var rule in new[] { "path=/", "secure", "samesite=strict", "httponly" })
            Assert.Contains(rule, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(_alice.Address.ToString(), (await browser.JsonAsync("/v1/session")).GetProperty("address").GetString());
        var page = await browser.PageAsync("/");
        Assert.Contains(_alice.Address.ToString(), page, StringComparison.Ordinal);
        Assert.Contains("private", browser.CacheControl, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, (await browser.SendAsync(HttpMethod.Delete, "/v1/session", null, withToken: true)).StatusCode);
        Assert.False((await browser.JsonAsync("/v1/session")).TryGetProperty("address", out _));
        browser.Keep(cookie);
        Assert.False((await browser.JsonAsync("/v1/session")).TryGetProperty("address", out _));
    }

    [AnvilFact]
    public async Task A_browser_that_keeps_no_secure_cookie_for_localhost_gets_a_plain_one()
    {
        using var browser = new Browser(_node.Http.BaseAddress!, keepsSecureCookies: false);
        Assert.Equal(HttpStatusCode.OK, (await EnterAsync(browser)).StatusCode);
        Assert.Equal(_alice.Address.ToString(), (await browser.JsonAsync("/v1/session")).GetProperty("address").GetString());
    }

    [AnvilFact]
    public async Task Signing_out_works_without_scripts()
    {
        using var browser = new Browser(_node.Http.BaseAddress!, keepsSecureCookies: true);
        await EnterAsync(browser);
        var page = await browser.PageAsync("/account");
        var token = page.Split("name=\"_token\" value=\"")[1].Split('"')[0];
        using var form = new FormUrlEncodedContent([new("_token", token)]);
        var left = await browser.SendAsync(HttpMethod.Post, "/account/sign-out", form);
        Assert.Equal((HttpStatusCode.Redirect, "/account"), (left.StatusCode, left.Headers.Location?.ToString()));
        Assert.False((await browser.JsonAsync("/v1/session")).TryGetProperty("address", out _));
    }

    [AnvilFact]
    public async Task Another_sites_page_can_neither_sign_in_nor_out()
    {
        using var browser = new Browser(_node.Http.BaseAddress!, keepsSecureCookies: true);
        Assert.Equal("request.forged", await CodeAsync(await EnterAsync(browser, withToken: false)));
        await EnterAsync(browser);
        Assert.Equal("request.forged", await CodeAsync(await browser.SendAsync(HttpMethod.Delete, "/v1/session", null)));
        using var form = new FormUrlEncodedContent([]);
        Assert.Equal("request.forged", await CodeAsync(await browser.SendAsync(HttpMethod.Post, "/account/sign-out", form)));
        Assert.Equal(_alice.Address.ToString(), (await browser.JsonAsync("/v1/session")).GetProperty("address").GetString());
    }

    [AnvilFact]
    public async Task A_neighbours_page_that_planted_its_own_token_can_do_nothing_either()
    {
        using var browser = new Browser(_node.Http.BaseAddress!, keepsSecureCookies: true);
        await EnterAsync(browser);
        // Whoever serves another name of the site, or another port of localhost, has a token of its own and sets the cookie that belongs to it.
        browser.From = "same-site";
        Assert.Equal("request.forged", await CodeAsync(await browser.SendAsync(HttpMethod.Delete, "/v1/session", null, withToken: true)));
        browser.From = "same-origin";
        Assert.Equal(HttpStatusCode.NoContent, (await browser.SendAsync(HttpMethod.Delete, "/v1/session", null, withToken: true)).StatusCode);
    }

    [AnvilFact]
    public async Task A_message_for_another_name_of_this_machine_is_refused()
    {
        using var browser = new Browser(_node.Http.BaseAddress!, keepsSecureCookies: true);
        Assert.Equal("session.other_domain", await CodeAsync(await EnterAsync(browser, host: $"127.0.0.1:{_node.Http.BaseAddress!.Port}")));
    }

    private async Task<HttpResponseMessage> EnterAsync(Browser browser, bool withToken = true, string? host = null)
    {
        var challenge = await browser.SendAsync(HttpMethod.Post, "/v1/session/challenge", null);
        var given = await challenge.Content.ReadFromJsonAsync<JsonElement>();
        host ??= browser.Host;
        var text = string.Join('\n',
            $"{host} wants you to sign in with your Ethereum account:", _alice.Address, "", "Sign in.", "", $"URI: http://{host}/account", "Version: 1",
            $"Chain ID: {given.GetProperty("chainId").GetUInt64()}", $"Nonce: {given.GetProperty("nonce").GetString()}", $"Issued At: {DateTimeOffset.FromUnixTimeSeconds(given.GetProperty("issuedAt").GetInt64()):yyyy-MM-ddTHH:mm:ssZ}");
        var signature = _alice.Sign(PersonalMessage.Hash(System.Text.Encoding.UTF8.GetBytes(text))).ToString();
        return await browser.SendAsync(HttpMethod.Post, "/v1/session", JsonContent.Create(new { message = text, signature }), withToken);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    /// <summary>Cookies as a browser keeps them for <c>http://localhost</c>; some keep Secure ones there and some do not.</summary>
    private sealed class Browser : IDisposable
    {
        private readonly HttpClient _http;
        private readonly bool _keepsSecureCookies;
        private readonly Dictionary<string, string> _cookies = [];

        public Browser(Uri node, bool keepsSecureCookies)
        {
            Host = $"localhost:{node.Port}";
            _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = node };
            _keepsSecureCookies = keepsSecureCookies;
        }

        public string Host { get; }

        /// <summary>What the browser says of the page that asks (Sec-Fetch-Site); null for one that says nothing.</summary>
        public string? From { get; set; }

        public List<string> Set { get; } = [];

        public string CacheControl { get; private set; } = "";

        public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, bool withToken = false)
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            request.Headers.Host = Host;
            if (From is not null)
                request.Headers.Add("Sec-Fetch-Site", From);
            if (path.StartsWith("/v1", StringComparison.Ordinal))
                request.Headers.Accept.ParseAdd("application/json");
            if (withToken)
                request.Headers.Add("X-Commonhold-Token", (await JsonAsync("/v1/form-token")).GetProperty("token").GetString());
            if (_cookies.Count > 0)
                request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
            var answer = await _http.SendAsync(request);
            CacheControl = answer.Headers.CacheControl?.ToString() ?? "";
            foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var all) ? all : [])
                Keep(set);
            return answer;
        }

        public void Keep(string set)
        {
            Set.Add(set);
            if (set.Contains("; secure", StringComparison.OrdinalIgnoreCase) && !_keepsSecureCookies)
                return;
            var pair = set.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0)
                _cookies.Remove(pair[0]);
            else
                _cookies[pair[0]] = pair[1];
        }

        public async Task<JsonElement> JsonAsync(string path) => await (await SendAsync(HttpMethod.Get, path, null)).Content.ReadFromJsonAsync<JsonElement>();

        public async Task<string> PageAsync(string path) => await (await SendAsync(HttpMethod.Get, path, null)).Content.ReadAsStringAsync();

        public void Dispose() => _http.Dispose();
    }
}
