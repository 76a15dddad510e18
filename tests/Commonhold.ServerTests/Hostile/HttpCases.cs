using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.ServerTests.Hostile;

/// <summary>Requests that no client of ours would send.</summary>
internal static class HttpCases
{
    private const string Json = "application/json", Append = "application/offset+octet-stream";
    private static readonly Bytes32 Unknown = Keccak256.Hash("nothing"u8);

    public static IEnumerable<HostileCase> All() => [.. Bodies(), .. Uploads(), .. Reads()];

    private static IEnumerable<HostileCase> Bodies()
    {
        yield return Post("JSON: none at all", "request.malformed", "v1/uploads", "");
        yield return Post("JSON: cut", "request.invalid ciphertextDigest", "v1/uploads", """{"ciphertextDigest":"0x""");
        yield return Post("JSON: a field is missing", "request.invalid", "v1/uploads", """{"size":1}""");
        yield return Post("JSON: a field is of another kind", "request.invalid size", "v1/uploads", $$"""{"ciphertextDigest":"{{Unknown}}","size":"many"}""");
        yield return Post("JSON: a negative size", "request.invalid size", "v1/uploads", $$"""{"ciphertextDigest":"{{Unknown}}","size":-1}""");
        yield return Post("JSON: a number beyond 64 bits", "request.invalid size", "v1/uploads", $$"""{"ciphertextDigest":"{{Unknown}}","size":1e400}""");
        yield return Post("JSON: a digest too short", "request.invalid ciphertextDigest", "v1/uploads", """{"ciphertextDigest":"0x12","size":1}""");
        yield return Post("JSON: a field twice", "request.invalid size", "v1/uploads", """{"size":1,"size":1}""");
        yield return Post("JSON: an element in a list", "request.invalid accounts[1]", "v1/relay/claims", $$"""{"accounts":["{{Address.Zero}}","0x1"]}""");
        yield return Post("JSON: nested ten thousand deep", "request.invalid accounts[0]", "v1/relay/claims", "{\"accounts\":" + new string('[', 10_000));
        yield return Post("JSON: half a surrogate", "request.invalid proposalId", "v1/relay/votes", """{"proposalId":"\ud800","support":1}""");
        yield return Post("JSON: not UTF-8", "request.invalid proposalId", "v1/relay/votes", [.. "{\"proposalId\":\""u8, 0xC3, 0x28, .. "\"}"u8], Json);
        yield return Post("JSON: eight megabytes", "request.too_large", "v1/relay/claims", new string(' ', 8 << 20));
        yield return Post("another media type", "request.media_type_unknown", "v1/uploads", "size=1"u8.ToArray(), "application/x-www-form-urlencoded");
    }

    private static IEnumerable<HostileCase> Uploads()
    {
        yield return Post("upload: of nothing", "upload.too_large", "v1/uploads", $$"""{"ciphertextDigest":"{{Unknown}}","size":0}""");
        yield return Post("upload: three gigabytes announced", "upload.too_large", "v1/uploads", $$"""{"ciphertextDigest":"{{Unknown}}","size":{{3L << 30}}}""");
        yield return new("upload: never begun", "upload.unknown", (w, c) => w.CodeOfAsync(Patch(Unknown, "0", new byte[10]), c));
        yield return Begun("upload: beyond its offset", "upload.offset_mismatch", f => Patch(f.Digest, "1", f.Age));
        yield return Begun("upload: a negative offset", "upload.headers_invalid", f => Patch(f.Digest, "-1", f.Age));
        yield return Begun("upload: an offset that is none", "upload.headers_invalid", f => Patch(f.Digest, "0x0", f.Age));
        yield return Begun("upload: an offset beyond 64 bits", "upload.headers_invalid", f => Patch(f.Digest, "99999999999999999999", f.Age));
        yield return Begun("upload: no offset", "upload.headers_invalid", f => Patch(f.Digest, null, f.Age));
        yield return Begun("upload: another media type", "request.media_type_unknown", f => Patch(f.Digest, "0", f.Age, "application/octet-stream"));
        yield return Begun("upload: more than announced", "request.too_large", f => Patch(f.Digest, "0", [.. f.Age, .. new byte[1 << 20]]));
        yield return Begun("upload: more than announced, in chunks", "upload.too_long", f => Patch(f.Digest, "0", [.. f.Age, 0]));
        yield return Begun("upload: other bytes", "upload.digest_mismatch", f => Patch(f.Digest, "0", f.Flipped(^1).Age));
        yield return Begun("upload: announced again with another size", "upload.size_conflict", f =>
            Request(HttpMethod.Post, "v1/uploads", Encoding.UTF8.GetBytes($$"""{"ciphertextDigest":"{{f.Digest}}","size":{{f.Age.Length + 1}}}"""), Json));
    }

    private static IEnumerable<HostileCase> Reads()
    {
        yield return Get("address: none of ours", "request.not_found", "v1/nothing");
        yield return Get("address: climbing out", "request.invalid digest", "v1/blobs/..%2f..%2fnode.db");
        yield return Get("address: a digest that is none", "request.invalid digest", "v1/blobs/0x12");
        yield return Get("address: a batch below zero", "manifest.unknown", "v1/batches/-1/manifest");
        yield return Get("address: a batch beyond 64 bits", "request.invalid id", "v1/batches/99999999999999999999/manifest");
        yield return Get("address: an owner that is none", "request.invalid owner", "v1/contributions?owner=me");
        yield return Get("blob: unknown", "blob.unknown", $"v1/blobs/{Unknown}");
        yield return new("address: another method", "request.method_not_allowed", (w, c) => w.CodeOfAsync(new HttpRequestMessage(HttpMethod.Delete, $"v1/blobs/{Unknown}"), c));
        yield return new("work: asked for without a signature", "request.unauthorised", (w, c) =>
            w.CodeOfAsync(new HttpRequestMessage(HttpMethod.Get, $"v1/validators/{w.Validator.Address}/work"), c));
        yield return new("range: beyond the end", "blob.range_invalid", async (w, c) =>
        {
            var file = await HostileFile.HonestAsync(w, 40);
            await w.Node.Client.UploadAsync(file.Digest, new MemoryStream(file.Age), null, c);
            return await w.CodeOfAsync(
                new HttpRequestMessage(HttpMethod.Get, $"v1/blobs/{file.Digest}") { Headers = { Range = new RangeHeaderValue(file.Age.Length, null) } }, c);
        });
    }

    private static HostileCase Get(string name, string code, string path) =>
        new(name, code, (w, c) => w.CodeOfAsync(new HttpRequestMessage(HttpMethod.Get, path), c));

    private static HostileCase Post(string name, string code, string path, string body) => Post(name, code, path, Encoding.UTF8.GetBytes(body), Json);

    private static HostileCase Post(string name, string code, string path, byte[] body, string media) =>
        new(name, code, (w, c) => w.CodeOfAsync(Request(HttpMethod.Post, path, body, media), c));

    /// <summary>On an upload that was announced and has no byte yet.</summary>
    private static HostileCase Begun(string name, string code, Func<HostileFile, HttpRequestMessage> request) => new(name, code, async (w, c) =>
    {
        var file = await HostileFile.HonestAsync(w, 41);
        Assert.Equal(HostileCase.Accepted, await w.CodeOfAsync(
            Request(HttpMethod.Post, "v1/uploads", Encoding.UTF8.GetBytes($$"""{"ciphertextDigest":"{{file.Digest}}","size":{{file.Age.Length}}}"""), Json), c));
        return await w.CodeOfAsync(request(file), c);
    });

    private static HttpRequestMessage Patch(Bytes32 digest, string? offset, byte[] body, string media = Append)
    {
        var request = Request(HttpMethod.Patch, $"v1/uploads/{digest}", body, media);
        if (offset is not null)
            request.Headers.Add("Upload-Offset", offset);
        return request;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, byte[] body, string media)
    {
        HttpRequestMessage request = new(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(media);
        // A node that will not read a large body closes the connection; who waits for its word gets it.
        request.Headers.ExpectContinue = body.Length > 1 << 20;
        return request;
    }
}
