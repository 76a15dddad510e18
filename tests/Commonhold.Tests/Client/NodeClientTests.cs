using System.Net;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

public sealed class NodeClientTests
{
    private static readonly HttpLimits Hasty = new() { FirstDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2), UploadChunkBytes = 1000 };

    [Fact]
    public async Task An_upload_goes_on_after_every_broken_connection()
    {
        byte[] content = RandomNumberGenerator.GetBytes(10_500);
        TusServer server = new() { BreakEvery = 3 };
        await Node(server).UploadAsync(DigestOf(content), new MemoryStream(content), null, default);
        Assert.Equal(content, server.Received.ToArray());
        Assert.True(server.Broken > 0);
    }

    [Fact]
    public async Task An_upload_starts_where_an_earlier_one_stopped()
    {
        byte[] content = RandomNumberGenerator.GetBytes(5_000);
        TusServer server = new();
        server.Received.AddRange(content[..3_500]);
        List<long> reported = [];
        await Node(server).UploadAsync(DigestOf(content), new MemoryStream(content), new Reports(reported), default);
        Assert.Equal(content, server.Received.ToArray());
        Assert.Equal([3_500, 4_500, 5_000], reported);
    }

    [Fact]
    public async Task A_download_is_resumed_by_range_and_proved_by_its_digest()
    {
        byte[] content = RandomNumberGenerator.GetBytes(300_000);
        BlobServer server = new(content) { CutAfter = 100_000 };
        using MemoryStream got = new();
        await Node(server).DownloadBlobAsync(DigestOf(content), got, content.Length, default);
        Assert.Equal(content, got.ToArray());
        Assert.True(server.Requests >= 3);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_still_gives_the_right_bytes()
    {
        byte[] content = RandomNumberGenerator.GetBytes(300_000);
        BlobServer server = new(content) { CutAfter = 200_000, IgnoresRanges = true };
        using MemoryStream got = new();
        await Node(server).DownloadBlobAsync(DigestOf(content), got, content.Length, default);
        Assert.Equal(content, got.ToArray());
    }

    [Fact]
    public async Task Other_bytes_than_the_digest_names_are_refused()
    {
        CommonholdException e = await Assert.ThrowsAsync<CommonholdException>(
            () => Node(new BlobServer([1, 2, 3])).DownloadBlobAsync(DigestOf([1, 2, 4]), new MemoryStream(), 100, default));
        Assert.Equal("blob.digest_mismatch", e.Refusal!.Code);
    }

    [Fact]
    public async Task A_blob_longer_than_expected_is_cut_off()
    {
        CommonholdException e = await Assert.ThrowsAsync<CommonholdException>(
            () => Node(new BlobServer(new byte[5000])).DownloadBlobAsync(DigestOf(new byte[5000]), new MemoryStream(), 4999, default));
        Assert.Equal("blob.too_large", e.Refusal!.Code);
    }

    [Fact]
    public async Task A_refusal_keeps_its_code_and_hint_and_is_not_repeated()
    {
        Answers server = new(_ => Problem(HttpStatusCode.Forbidden, """{"status":403,"code":"grant.expired","detail":"Grant 17 ended.","hint":"Renew it."}"""));
        CommonholdException e = await Assert.ThrowsAnyAsync<CommonholdException>(() => Node(server).GetDaoAsync(default));
        Assert.Equal(("grant.expired", "Renew it.", false, 1), (e.Refusal!.Code, e.Refusal.Hint, e.IsTransient, server.Count));
    }

    [Theory]
    [InlineData("not JSON", "<html>")]
    [InlineData("wrong types", """{"status":"x"}""")]
    [InlineData("empty", "")]
    public async Task A_problem_that_cannot_be_read_still_fails_by_its_status(string what, string body)
    {
        Assert.NotNull(what);
        CommonholdException e = await Assert.ThrowsAnyAsync<CommonholdException>(
            () => Node(new Answers(_ => Problem(HttpStatusCode.BadRequest, body))).GetDaoAsync(default));
        Assert.Equal("http.status_400", e.Refusal!.Code);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_but_a_relay_is_not()
    {
        Answers server = new(count => count < 3 ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : Json("[]"));
        Assert.Empty(await Node(server).ListBatchesAsync(new BatchId(0), default));
        Assert.Equal(3, server.Count);

        Answers relay = new(_ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        await Assert.ThrowsAnyAsync<CommonholdException>(() => Node(relay).RelayClaimsAsync([default], default));
        Assert.Equal(1, relay.Count);
    }

    [Fact]
    public async Task An_answer_that_never_ends_is_cut_off()
    {
        Answers server = new(_ => new HttpResponseMessage { Content = new StringContent("[\"" + new string('a', 200_000)) });
        HttpLimits small = Hasty with { MaxResponseBytes = 100_000 };
        await Assert.ThrowsAsync<TooLargeException>(() => Node(server, small).ListBatchesAsync(new BatchId(0), default));
    }

    [Fact]
    public void A_validators_authorization_holds_for_its_registry_and_its_moment()
    {
        using Secp256k1Key key = Secp256k1Key.Generate();
        Address registry = Address.FromSpan(new byte[20]);
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        string header = ValidatorAuthorization.Create(key, registry, now);

        Assert.True(ValidatorAuthorization.TryVerify(header, registry, now.AddSeconds(59), out Address? who));
        Assert.Equal(key.Address, who);
        Assert.False(ValidatorAuthorization.TryVerify(header, registry, now.AddSeconds(61), out _));
        Assert.False(ValidatorAuthorization.TryVerify(header, key.Address, now, out _));
        Assert.False(ValidatorAuthorization.TryVerify(header.Replace(key.Address.ToString(), registry.ToString(), StringComparison.Ordinal), registry, now, out _));
        Assert.All(new[] { null, "", ":::", "a:b:c", header + ":" }, text => Assert.False(ValidatorAuthorization.TryVerify(text, registry, now, out _)));
    }

    private static NodeClient Node(HttpMessageHandler server, HttpLimits? limits = null) =>
        new(new HttpClient(server) { BaseAddress = new Uri("http://node.test/") }, limits ?? Hasty);

    private static Bytes32 DigestOf(byte[] content) => Bytes32.FromSpan(SHA256.HashData(content));

    private static HttpResponseMessage Json(string json) => new() { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    private static HttpResponseMessage Problem(HttpStatusCode status, string json) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, ProblemDetails.MediaType) };

    private sealed class Reports(List<long> list) : IProgress<long>
    {
        public void Report(long value) => list.Add(value);
    }

    private sealed class Answers(Func<int, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(++Count));
    }

    /// <summary>tus's core rules, with a connection that breaks after the bytes have arrived.</summary>
    private sealed class TusServer : HttpMessageHandler
    {
        private int _patches;

        public List<byte> Received { get; } = [];

        public int BreakEvery { get; init; } = int.MaxValue;

        public int Broken { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Patch)
            {
                if (long.Parse(request.Headers.GetValues("Upload-Offset").First(), null) != Received.Count)
                    return new HttpResponseMessage(HttpStatusCode.Conflict);
                Received.AddRange(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
                if (++_patches % BreakEvery == 0)
                {
                    Broken++;
                    throw new HttpRequestException("reset by peer");
                }
            }

            HttpResponseMessage response = new(request.Method == HttpMethod.Post ? HttpStatusCode.Created : HttpStatusCode.NoContent);
            response.Headers.Add("Upload-Offset", $"{Received.Count}");
            return response;
        }
    }

    private sealed class BlobServer(byte[] content) : HttpMessageHandler
    {
        public int CutAfter { get; init; } = int.MaxValue;

        public bool IgnoresRanges { get; init; }

        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            int from = (int)(request.Headers.Range?.Ranges.First().From ?? 0);
            bool isPart = from > 0 && !IgnoresRanges;
            int cut = IgnoresRanges && Requests > 0 ? int.MaxValue : CutAfter;
            Requests++;
            byte[] part = isPart ? content[from..] : content;
            return Task.FromResult(new HttpResponseMessage(isPart ? HttpStatusCode.PartialContent : HttpStatusCode.OK)
            {
                Content = new StreamContent(new CutStream(part, cut)),
            });
        }
    }

    private sealed class CutStream(byte[] content, int cutAfter) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int left = (int)Math.Min(cutAfter - Position, buffer.Length);
            return left <= 0 && Position < Length ? throw new IOException("cut") : base.ReadAsync(buffer[..left], cancellationToken);
        }
    }
}
