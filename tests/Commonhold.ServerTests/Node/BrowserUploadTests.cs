using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Commonhold.Ethereum;
using Commonhold.Tests.Client.Browser;

namespace Commonhold.ServerTests.Node;

/// <summary>The browser's upload (web/contribute/upload.ts) against a node.</summary>
[Trait("Speed", "slow")]
public sealed class BrowserUploadTests(JourneyFixture fixture) : IClassFixture<JourneyFixture>
{
    private readonly RunningNode _node = fixture.Node;

    [AnvilFact]
    public async Task The_browser_goes_on_where_an_upload_stood()
    {
        var (path, digest, content) = await FileAsync(3_000_000);
        var begun = await _node.Http.PostAsync("v1/uploads", JsonBody(digest, content.Length));
        Assert.True(begun.IsSuccessStatusCode);
        using var first = new ByteArrayContent(content, 0, 1_000_000) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
        using var append = new HttpRequestMessage(HttpMethod.Patch, $"v1/uploads/{digest}") { Content = first, Headers = { { "Upload-Offset", "0" } } };
        Assert.True((await _node.Http.SendAsync(append)).IsSuccessStatusCode);

        var sent = (await UploadAsync(path, digest))["sent"]!.AsArray().Select(bytes => bytes!.GetValue<long>()).ToList();
        Assert.Equal(1_000_000, sent[0]);
        Assert.Equal(content.Length, sent[^1]);
        Assert.Equal(sent.Order(), sent);
        using var stored = new MemoryStream();
        await _node.Client.DownloadBlobAsync(digest, stored, content.Length, default);
        Assert.Equal(content, stored.ToArray());
        Assert.Equal([content.Length], (await UploadAsync(path, digest))["sent"]!.AsArray().Select(bytes => bytes!.GetValue<long>()));
    }

    [AnvilFact]
    public async Task A_file_that_was_damaged_on_the_way_is_refused()
    {
        var (path, _, _) = await FileAsync(1000);
        var other = Bytes32.FromSpan(RandomNumberGenerator.GetBytes(32));
        Assert.Equal("upload.digest_mismatch", (await UploadAsync(path, other))["refusal"]!["code"]!.GetValue<string>());
    }

    private async Task<JsonNode> UploadAsync(string path, Bytes32 digest) => (await BrowserMember.AskAsync(new JsonObject
    {
        ["kind"] = "upload", ["path"] = path, ["digest"] = digest.ToString(), ["base"] = _node.Http.BaseAddress!.ToString().TrimEnd('/'),
    }))[0];

    private async Task<(string Path, Bytes32 Digest, byte[] Content)> FileAsync(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        var path = Path.Combine(fixture.Scratch.Path, $"{Guid.NewGuid():n}.age");
        await File.WriteAllBytesAsync(path, content);
        return (path, Bytes32.FromSpan(SHA256.HashData(content)), content);
    }

    private static StringContent JsonBody(Bytes32 digest, int size) =>
        new(new JsonObject { ["ciphertextDigest"] = digest.ToString(), ["size"] = size }.ToJsonString(), new MediaTypeHeaderValue("application/json"));
}
