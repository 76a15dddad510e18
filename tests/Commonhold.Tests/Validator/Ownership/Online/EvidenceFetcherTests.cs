using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Commonhold.Validator.Ownership.Online;

namespace Commonhold.Tests.Validator.Ownership.Online;

/// <summary>What a fetcher does with servers, names and addresses that want it to go elsewhere, or never to end.</summary>
public sealed class EvidenceFetcherTests
{
    private const string Json = "application/json";

    [Fact]
    public async Task A_page_of_an_allowed_host_is_fetched_without_cookies_or_encodings()
    {
        await using TrickServer server = new(_ => TrickServer.Ok("{}", more: "Set-Cookie: a=b\r\n"));
        using EvidenceFetcher fetcher = Fetcher(server);
        for (int i = 0; i < 2; i++)
        {
            FetchedDocument page = await fetcher.FetchAsync(Get(server, "/about.json?raw_json=1"), default);
            Assert.Equal(("{}", Json, 200), (Encoding.ASCII.GetString(page.Body), page.MediaType, page.Status));
        }

        Assert.Equal(2, server.Heads.Count);
        Assert.All(server.Heads, head =>
        {
            Assert.StartsWith("GET /about.json?raw_json=1 HTTP/1.1\r\n", head);
            Assert.Contains("Accept-Encoding: identity\r\n", head);
            Assert.DoesNotContain("Cookie", head);
            Assert.DoesNotContain("traceparent", head);
        });
    }

    [Theory]
    [InlineData("another host", "https://evil.example/", "evidence.host_not_allowed")]
    [InlineData("a host below", "https://x.www.reddit.com/", "evidence.host_not_allowed")]
    [InlineData("a host behind", "https://www.reddit.com.evil.example/", "evidence.host_not_allowed")]
    [InlineData("a trailing dot", "https://www.reddit.com./", "evidence.host_not_allowed")]
    [InlineData("another port", "https://www.reddit.com:8443/", "evidence.host_not_allowed")]
    [InlineData("no TLS", "http://www.reddit.com/", "evidence.host_not_allowed")]
    [InlineData("user info", "https://www.reddit.com@evil.example/", "evidence.url_invalid")]
    [InlineData("user and password", "https://a:b@www.reddit.com/", "evidence.url_invalid")]
    [InlineData("a backslash", "https://evil.example\\@www.reddit.com/", "evidence.url_invalid")]
    [InlineData("letters outside ASCII", "https://www.reddït.com/", "evidence.url_invalid")]
    [InlineData("full-width letters", "https://ｗｗｗ.reddit.com/", "evidence.url_invalid")]
    [InlineData("an encoded letter", "https://www%2ereddit.com/", "evidence.host_not_allowed")]
    [InlineData("a fragment", "https://www.reddit.com/#@evil.example", "evidence.url_invalid")]
    [InlineData("a line break", "https://www.reddit.com/\r\nHost: evil", "evidence.url_invalid")]
    [InlineData("a blank", "https://www.reddit.com /", "evidence.url_invalid")]
    [InlineData("a file", "file:///etc/passwd", "evidence.url_invalid")]
    [InlineData("ftp", "ftp://www.reddit.com/", "evidence.url_invalid")]
    [InlineData("no scheme", "//www.reddit.com/", "evidence.url_invalid")]
    [InlineData("a decimal address", "https://2130706433/", "evidence.host_not_allowed")]
    [InlineData("a hexadecimal address", "https://0x7f000001/", "evidence.host_not_allowed")]
    [InlineData("an octal address", "https://0177.0.0.1/", "evidence.host_not_allowed")]
    [InlineData("a short address", "https://127.1/", "evidence.host_not_allowed")]
    [InlineData("a metadata address", "https://169.254.169.254/latest/meta-data/", "evidence.host_not_allowed")]
    [InlineData("an IPv6 address", "https://[::ffff:127.0.0.1]/", "evidence.url_invalid")]
    [InlineData("nothing", "", "evidence.url_invalid")]
    public async Task A_url_that_does_not_plainly_name_an_allowed_host_is_refused(string name, string url, string code)
    {
        using EvidenceFetcher fetcher = new(new FetchOptions { Resolve = (_, _) => throw new Xunit.Sdk.XunitException("resolved " + name) }, TimeProvider.System);
        Assert.Equal(code, await CodeAsync(fetcher, new FetchRequest(url, ["www.reddit.com"], [Json], 100)));
    }

    [Theory]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("10.0.0.1")]
    public async Task An_address_that_somebody_put_on_the_lists_is_still_not_asked(string host)
    {
        using EvidenceFetcher fetcher = new(new FetchOptions(), TimeProvider.System);
        string code = await CodeAsync(fetcher, new FetchRequest($"https://{host}/", [host], [Json], 100));
        Assert.Contains(code, (string[])["evidence.address_not_public", "evidence.url_invalid"]);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fd00:ec2::254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    public async Task A_name_that_resolves_into_a_private_network_is_refused_before_a_connection(string address)
    {
        using EvidenceFetcher fetcher = Resolving((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.215.14"), IPAddress.Parse(address)]));
        Assert.Equal("evidence.address_not_public", await CodeAsync(fetcher, new FetchRequest("https://provider.example/", ["provider.example"], [Json], 100)));
    }

    [Fact]
    public async Task An_answer_of_the_name_server_that_changes_is_checked_each_time_and_used_as_checked()
    {
        await using TrickServer server = new(_ => TrickServer.Ok("{}"));
        int asked = 0;
        string authority = $"provider.test:{server.Port}";
        using EvidenceFetcher fetcher = new(
            new FetchOptions
            {
                Loopback = [authority],
                RequestsPerMinute = 60_000,
                Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(++asked == 1 ? "127.0.0.1" : "169.254.169.254")]),
            },
            TimeProvider.System);
        FetchRequest request = new($"http://{authority}/", [authority], [Json], 100);
        await fetcher.FetchAsync(request, default);
        Assert.Equal(1, asked);
        Assert.Equal("evidence.address_not_public", await CodeAsync(fetcher, request));
        Assert.Single(server.Heads);
    }

    [Theory]
    [InlineData("the metadata address", "http://169.254.169.254/latest/meta-data/iam/", "evidence.host_not_allowed")]
    [InlineData("another port of the same machine", "http://127.0.0.1:1/", "evidence.host_not_allowed")]
    [InlineData("another scheme", "file:///etc/passwd", "evidence.url_invalid")]
    [InlineData("a host without its scheme", "//169.254.169.254/", "evidence.url_invalid")]
    [InlineData("user info", "http://a@127.0.0.1/", "evidence.url_invalid")]
    public async Task A_redirect_leads_only_where_the_first_address_might_have(string name, string location, string code)
    {
        await using TrickServer server = new(_ => TrickServer.MovedTo(location));
        using EvidenceFetcher fetcher = Fetcher(server);
        Assert.True(code == await CodeAsync(fetcher, Get(server)), name);
        Assert.Single(server.Heads);
    }

    [Fact]
    public async Task Redirects_within_the_allowed_hosts_are_followed_and_counted()
    {
        await using TrickServer server = new(head =>
            head.StartsWith("GET /3", StringComparison.Ordinal) ? TrickServer.Ok("{}") : TrickServer.MovedTo($"/{int.Parse(head.AsSpan(5, 1)) + 1}"));
        using EvidenceFetcher fetcher = Fetcher(server);
        Assert.True((await fetcher.FetchAsync(Get(server, "/0"), default)).IsSuccess);

        await using TrickServer endless = new(_ => TrickServer.MovedTo("/again"));
        using EvidenceFetcher other = Fetcher(endless);
        Assert.Equal("evidence.redirect_refused", await CodeAsync(other, Get(endless)));
        Assert.Equal(4, endless.Heads.Count);
    }

    [Fact]
    public async Task What_is_meant_for_one_host_is_not_carried_to_another()
    {
        await using TrickServer server = new(_ => TrickServer.MovedTo("/elsewhere"));
        using EvidenceFetcher fetcher = Fetcher(server);
        Assert.Equal("evidence.redirect_refused", await CodeAsync(fetcher, Get(server) with { Authorization = "Bearer secret" }));
        Assert.Equal("evidence.redirect_refused", await CodeAsync(fetcher, Get(server) with { Form = [KeyValuePair.Create("code", "secret")] }));
        Assert.Equal(2, server.Heads.Count);
    }

    [Fact]
    public async Task A_slow_drip_is_cut_off()
    {
        await using TrickServer server = new(async (_, stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"u8.ToArray(), token);
            while (true)
            {
                await stream.WriteAsync("x"u8.ToArray(), token);
                await Task.Delay(20, token);
            }
        });
        using EvidenceFetcher fetcher = Fetcher(server, options => options with { Timeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal("evidence.timeout", await CodeAsync(fetcher, Get(server) with { MaxBytes = 1_000_000 }));
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_left()
    {
        await using TrickServer server = new((_, _, token) => Task.Delay(Timeout.Infinite, token));
        using EvidenceFetcher fetcher = Fetcher(server, options => options with { Timeout = TimeSpan.FromMilliseconds(200) });
        Assert.Equal("evidence.timeout", await CodeAsync(fetcher, Get(server)));
    }

    [Fact]
    public async Task An_endless_body_is_cut_at_its_limit()
    {
        long sent = 0;
        await using TrickServer server = new(async (_, stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), token);
            byte[] chunk = [.. "4000\r\n"u8, .. new byte[0x4000], .. "\r\n"u8];
            while (true)
            {
                await stream.WriteAsync(chunk, token);
                sent += chunk.Length;
            }
        });
        using EvidenceFetcher fetcher = Fetcher(server);
        using MemoryStream body = new();
        FetchFailedException e = await Assert.ThrowsAsync<FetchFailedException>(() => fetcher.FetchAsync(Get(server) with { MaxBytes = 100_000 }, body, default));
        Assert.Equal("evidence.answer_too_large", e.Refusal!.Code);
        Assert.InRange(body.Length, 0, 100_000);
    }

    [Theory]
    [InlineData("a declared length beyond the limit", "Content-Type: application/json\r\nContent-Length: 101\r\n", "evidence.answer_too_large")]
    [InlineData("a gzip bomb", "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n", "evidence.encoded")]
    [InlineData("two encodings", "Content-Type: application/json\r\nContent-Encoding: identity, br\r\nContent-Length: 10\r\n", "evidence.encoded")]
    [InlineData("another content type", "Content-Type: text/html\r\nContent-Length: 10\r\n", "evidence.content_type")]
    [InlineData("no content type", "Content-Length: 10\r\n", "evidence.content_type")]
    public async Task An_answer_is_refused_by_its_headers(string name, string headers, string code)
    {
        await using TrickServer server = new(_ => $"HTTP/1.1 200 OK\r\n{headers}\r\n");
        using EvidenceFetcher fetcher = Fetcher(server);
        Assert.True(code == await CodeAsync(fetcher, Get(server)), name);
    }

    [Fact]
    public async Task Huge_headers_are_refused()
    {
        await using TrickServer server = new(async (_, stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), token);
            for (int i = 0; ; i++)
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-{i}: {new string('x', 4000)}\r\n"), token);
        });
        using EvidenceFetcher fetcher = Fetcher(server);
        Assert.Equal("evidence.answer_too_large", await CodeAsync(fetcher, Get(server)));
    }

    [Theory]
    [InlineData("404 Not Found", "evidence.status", false)]
    [InlineData("403 Forbidden", "evidence.status", false)]
    [InlineData("304 Not Modified", "evidence.status", false)]
    [InlineData("503 Service Unavailable", "evidence.status", true)]
    [InlineData("429 Too Many Requests", "evidence.status", true)]
    public async Task A_status_says_whether_it_is_worth_trying_again(string status, string code, bool isTransient)
    {
        await using TrickServer server = new(_ => $"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        using EvidenceFetcher fetcher = Fetcher(server);
        FetchFailedException e = await Assert.ThrowsAsync<FetchFailedException>(() => fetcher.FetchAsync(Get(server), default));
        Assert.Equal((code, isTransient), (e.Refusal!.Code, e.IsTransient));
    }

    [Fact]
    public async Task A_body_that_is_cut_short_is_no_answer()
    {
        await using TrickServer server = new(_ => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{\"half\":");
        using EvidenceFetcher fetcher = Fetcher(server);
        Assert.Equal("evidence.unreachable", await CodeAsync(fetcher, Get(server)));
    }

    [Fact]
    public async Task A_port_that_nobody_serves_is_unreachable_for_now()
    {
        TcpListener gone = new(IPAddress.Loopback, 0);
        gone.Start();
        string authority = $"127.0.0.1:{((IPEndPoint)gone.LocalEndpoint).Port}";
        gone.Stop();
        using EvidenceFetcher fetcher = new(new FetchOptions { Loopback = [authority] }, TimeProvider.System);
        FetchFailedException e = await Assert.ThrowsAsync<FetchFailedException>(
            () => fetcher.FetchAsync(new FetchRequest($"http://{authority}/", [authority], [Json], 100), default));
        Assert.Equal(("evidence.unreachable", true), (e.Refusal!.Code, e.IsTransient));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_before_anything_is_asked()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using TrickServer server = new(
            (_, _, _) => Task.CompletedTask,
            async stream =>
            {
                SslStream tls = new(stream);
                await tls.AuthenticateAsServerAsync(certificate);
                return tls;
            });
        using EvidenceFetcher fetcher = Fetcher(server);
        FetchFailedException e = await Assert.ThrowsAsync<FetchFailedException>(
            () => fetcher.FetchAsync(Get(server) with { Url = $"https://{server.Authority}/" }, default));
        Assert.Equal(("evidence.certificate", false), (e.Refusal!.Code, e.IsTransient));
        Assert.DoesNotContain(server.Heads, head => head.Length > 0);
    }

    [Fact]
    public async Task Nothing_of_a_secret_address_or_token_is_in_what_a_failure_says()
    {
        await using TrickServer server = new(_ => "garbage\r\n\r\n");
        using EvidenceFetcher fetcher = Fetcher(server);
        string[] urls =
        [
            $"http://{server.Authority}/SECRET?token=SECRET", "https://evil.example/SECRET?SECRET", $"http://SECRET@{server.Authority}/SECRET",
            $"http://{server.Authority}/SECRET?\u00e9",
        ];
        foreach (string url in urls)
        {
            FetchRequest request = new(url, [server.Authority], [Json], 100) { Authorization = "Bearer SECRET" };
            FetchFailedException e = await Assert.ThrowsAsync<FetchFailedException>(() => fetcher.FetchAsync(request, default));
            Assert.DoesNotContain("SECRET", e.ToString());
            Assert.DoesNotContain("SECRET", request.ToString());
            Assert.Null(e.InnerException);
        }
    }

    [Fact]
    public async Task A_host_that_asks_for_a_pause_gets_it()
    {
        await using TrickServer server = new(_ => "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
        using EvidenceFetcher fetcher = Fetcher(server, options => options with { MaxWaiting = 1 });
        Assert.Equal("evidence.status", await CodeAsync(fetcher, Get(server)));
        using CancellationTokenSource patience = new();
        Task waiting = fetcher.FetchAsync(Get(server), patience.Token);
        Assert.Equal("evidence.host_busy", await CodeAsync(fetcher, Get(server)));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Single(server.Heads);
    }

    private static FetchRequest Get(TrickServer server, string path = "/") => new($"http://{server.Authority}{path}", [server.Authority], [Json], 100);

    private static EvidenceFetcher Fetcher(TrickServer server, Func<FetchOptions, FetchOptions>? change = null)
    {
        FetchOptions options = new() { Loopback = [server.Authority], RequestsPerMinute = 60_000 };
        return new EvidenceFetcher(change?.Invoke(options) ?? options, TimeProvider.System);
    }

    private static EvidenceFetcher Resolving(Func<string, CancellationToken, Task<IPAddress[]>> resolve) =>
        new(new FetchOptions { Resolve = resolve, RequestsPerMinute = 60_000 }, TimeProvider.System);

    private static async Task<string> CodeAsync(EvidenceFetcher fetcher, FetchRequest request) =>
        (await Assert.ThrowsAsync<FetchFailedException>(() => fetcher.FetchAsync(request, default))).Refusal!.Code;
}
