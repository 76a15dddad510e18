using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

public sealed class ManifestTests
{
    private static readonly Bytes32 Digest = Keccak256.Hash("d"u8);

    [Fact]
    public async Task What_is_written_is_read_with_the_same_root()
    {
        BatchManifest manifest = Some(5);
        Assert.Equal(manifest.Root, BatchManifest.Parse(manifest.ToJsonBytes()).Value.Root);
        using MemoryStream stream = new(manifest.ToJsonBytes());
        Assert.Equal(manifest.Root, (await BatchManifest.ReadAsync(stream)).Value.Root);
    }

    [Theory]
    [InlineData("null", "null", "manifest.invalid")]
    [InlineData("not JSON", "{", "manifest.invalid")]
    [InlineData("an array", "[]", "manifest.invalid")]
    [InlineData("no leaves", """{"version":1,"chainId":1,"registry":"0x0000000000000000000000000000000000000000","batchId":0,"leaves":[]}""", "manifest.invalid")]
    [InlineData("a null leaf", """{"version":1,"chainId":1,"registry":"0x0000000000000000000000000000000000000000","batchId":0,"leaves":[null]}""", "manifest.invalid")]
    [InlineData("null leaves", """{"version":1,"chainId":1,"registry":"0x0000000000000000000000000000000000000000","batchId":0,"leaves":null}""", "manifest.invalid")]
    [InlineData("a field missing", """{"version":1,"chainId":1,"batchId":0,"leaves":[]}""", "manifest.invalid")]
    [InlineData("a field twice", """{"version":1,"version":1,"chainId":1,"registry":"0x0000000000000000000000000000000000000000","batchId":0,"leaves":[]}""", "manifest.invalid")]
    [InlineData("another version", """{"version":2,"chainId":1,"registry":"0x0000000000000000000000000000000000000000","batchId":0,"leaves":[]}""", "manifest.version_unknown")]
    public void A_hostile_manifest_is_refused(string what, string json, string code)
    {
        Assert.NotEmpty(what);
        Assert.Equal(code, BatchManifest.Parse(Encoding.UTF8.GetBytes(json)).Refusal!.Code);
    }

    [Theory]
    [InlineData("negative", "\"-1\"")]
    [InlineData("a number", "1")]
    [InlineData("a leading zero", "\"01\"")]
    [InlineData("empty", "\"\"")]
    [InlineData("hexadecimal", "\"0x1\"")]
    [InlineData("2^128", "\"340282366920938463463374607431768211456\"")]
    [InlineData("very long", "\"11111111111111111111111111111111111111111111111111111111111111111111111111111111111111\"")]
    public void Points_have_one_way_to_be_written(string what, string points)
    {
        Assert.NotEmpty(what);
        string json = Encoding.UTF8.GetString(Some(1).ToJsonBytes()).Replace("\"points\":\"10\"", "\"points\":" + points, StringComparison.Ordinal);
        Assert.Equal("manifest.invalid", BatchManifest.Parse(Encoding.UTF8.GetBytes(json)).Refusal!.Code);
    }

    [Fact]
    public void Leaves_stand_at_their_index()
    {
        string json = Encoding.UTF8.GetString(Some(2).ToJsonBytes()).Replace("\"index\":1", "\"index\":0", StringComparison.Ordinal);
        Assert.Equal("manifest.invalid", BatchManifest.Parse(Encoding.UTF8.GetBytes(json)).Refusal!.Code);
    }

    [Fact]
    public void Points_that_overflow_together_are_refused()
    {
        string most = UInt128.MaxValue.ToString(null, null);
        string json = Encoding.UTF8.GetString(Some(2).ToJsonBytes()).Replace("\"points\":\"10\"", $"\"points\":\"{most}\"", StringComparison.Ordinal)
            .Replace("\"points\":\"11\"", $"\"points\":\"{most}\"", StringComparison.Ordinal);
        Assert.Equal("manifest.invalid", BatchManifest.Parse(Encoding.UTF8.GetBytes(json)).Refusal!.Code);
    }

    [Fact]
    public async Task A_manifest_that_never_ends_is_cut_off()
    {
        await using Endless endless = new();
        Assert.Equal("manifest.too_large", (await BatchManifest.ReadAsync(endless, maxLeaves: 10)).Refusal!.Code);
    }

    [Fact]
    public void A_manifest_is_held_against_the_chain()
    {
        BatchManifest manifest = Some(3);
        Assert.Null(manifest.Against(1, default, new BatchId(4), manifest.Root, 3));
        Assert.Equal("manifest.root_mismatch", manifest.Against(1, default, new BatchId(4), Digest, 3)!.Code);
        Assert.Equal("manifest.root_mismatch", manifest.Against(1, default, new BatchId(4), manifest.Root, 2)!.Code);
        Assert.Equal("manifest.other_batch", manifest.Against(2, default, new BatchId(4), manifest.Root, 3)!.Code);
    }

    private static BatchManifest Some(uint count) => new(1, default, new BatchId(4),
        [.. Enumerable.Range(0, (int)count).Select(i => new Leaf((uint)i, default, Digest, 1, Digest, Digest, 1, new Points((UInt128)(10 + i)), Digest))]);

    /// <summary>A JSON string that does not stop.</summary>
    private sealed class Endless : MemoryStream
    {
        private bool _isStarted;

        public override bool CanRead => true;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'a');
            if (!_isStarted)
                "{\"x\":\""u8.CopyTo(buffer.Span);
            _isStarted = true;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
