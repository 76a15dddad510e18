using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.ServerTests.Guardians;

namespace Commonhold.ServerTests.Hostile;

/// <summary>Requests that no buyer's program would send, to a guardian in a process of its own.</summary>
[Collection(GuardianCollection.Name)]
[Trait("Speed", "slow")]
public sealed class HostileGuardianTests(DaoFixture guardians)
{
    private const string Releases = "v1/releases";

    [AnvilFact]
    public async Task Every_bad_request_gets_a_code_and_an_honest_one_is_still_answered()
    {
        using var http = NodeClient.CreateHttp(new Uri(guardians.AddressOf(1)));
        var good = JsonSerializer.Serialize(
            new ReleaseRequest(new GrantId(1), guardians.Dao.Terms(scope: 1), new BatchId(0), [0]), WireJson.Default.ReleaseRequest);
        (string Name, string Code, HttpMethod Method, string Path, byte[] Body)[] cases =
        [
            ("nothing", "release.invalid", HttpMethod.Post, Releases, []),
            ("null", "release.invalid", HttpMethod.Post, Releases, "null"u8.ToArray()),
            ("cut", "release.invalid", HttpMethod.Post, Releases, Encoding.UTF8.GetBytes(good[..^9])),
            ("no terms", "release.invalid", HttpMethod.Post, Releases, """{"grantId":1,"batchId":0,"indices":[0],"proofs":false}"""u8.ToArray()),
            ("null terms", "release.invalid", HttpMethod.Post, Releases, """{"grantId":1,"terms":null,"batchId":0,"indices":[0],"proofs":false}"""u8.ToArray()),
            ("null indices", "release.invalid", HttpMethod.Post, Releases, Encoding.UTF8.GetBytes(good.Replace("[0]", "null", StringComparison.Ordinal))),
            ("an index below zero", "release.invalid", HttpMethod.Post, Releases, Encoding.UTF8.GetBytes(good.Replace("[0]", "[-1]", StringComparison.Ordinal))),
            ("an index beyond 32 bits", "release.invalid", HttpMethod.Post, Releases, Encoding.UTF8.GetBytes(good.Replace("[0]", "[4294967296]", StringComparison.Ordinal))),
            ("nested ten thousand deep", "release.invalid", HttpMethod.Post, Releases, Encoding.UTF8.GetBytes(good.Replace("[0]", new string('[', 10_000), StringComparison.Ordinal))),
            ("not UTF-8", "release.invalid", HttpMethod.Post, Releases, [.. "{\"grantId\":\""u8, 0xC3, 0x28]),
            ("eight megabytes", "request.too_large", HttpMethod.Post, Releases, new byte[8 << 20]),
            ("a log from nowhere", "release.invalid", HttpMethod.Get, Releases + "?from=-1", []),
            ("another method", "request.method_not_allowed", HttpMethod.Delete, Releases, []),
            ("another address", "request.not_found", HttpMethod.Get, "v1/keys", []),
        ];
        List<string> wrong = [];
        foreach (var (name, code, method, path, body) in cases)
        {
            using HttpRequestMessage request = new(method, path) { Content = body.Length == 0 && method != HttpMethod.Post ? null : new ByteArrayContent(body) };
            // A guardian that will not read a large body closes the connection; who waits for its word gets it.
            request.Headers.ExpectContinue = body.Length > 1 << 20;
            using CancellationTokenSource time = new(TimeSpan.FromMinutes(3));
            using var response = await http.SendAsync(request, time.Token);
            var answer = await response.Content.ReadAsStringAsync(time.Token);
            var got = response.Content.Headers.ContentType?.MediaType == ProblemDetails.MediaType
                ? JsonSerializer.Deserialize(answer, WireJson.Default.ProblemDetails)!.Code : $"{(int)response.StatusCode} {answer}";
            if (got != code)
                wrong.Add($"{name}: {got}, not {code}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var terms = guardians.Dao.Terms(scope: 1);
        var grant = await guardians.Dao.GrantAsync(terms);
        Assert.Single((await guardians.AskAsync(1, new ReleaseRequest(grant, terms, new BatchId(0), [0]))).Answers);
    }

    [AnvilFact]
    public async Task A_caller_that_dawdles_loses_its_place()
    {
        var address = new Uri(guardians.AddressOf(1));
        using TcpClient connection = new();
        await connection.ConnectAsync(address.Host, address.Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /{Releases} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: 60000\r\n\r\n"));
        var answer = stream.ReadAsync(new byte[1024]).AsTask();
        // One kilobyte a second of what may stand before any JSON: within a minute it would have sent it all.
        var spaces = Encoding.ASCII.GetBytes(new string(' ', 512));
        for (var sent = 0; sent < 100 && !answer.IsCompleted; sent++)
        {
            try
            {
                await stream.WriteAsync(spaces);
            }
            catch (IOException)
            {
                return;
            }

            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(500)));
        }

        Assert.True(answer.IsCompleted, "After 50 s it is still waited for.");
    }
}
