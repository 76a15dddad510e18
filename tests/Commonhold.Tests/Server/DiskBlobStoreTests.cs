using System.Security.Cryptography;
using Commonhold.Ethereum;
using Commonhold.Server.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Server;

public sealed class DiskBlobStoreTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task An_upload_in_pieces_of_any_size_becomes_the_blob()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        foreach (var piece in new[] { 1 << 10, 70_000, 131_072, 300_000 })
        {
            using var scratch = new ScratchFolder();
            var store = new DiskBlobStore(scratch.Path, 0);
            var digest = DigestOf(content);
            Assert.Equal(0, (await store.BeginUploadAsync(digest, content.Length, default)).Value.Offset);
            for (var offset = 0; offset < content.Length; offset += piece)
                Assert.Null((await store.AppendAsync(digest, offset, new MemoryStream(content, offset, Math.Min(piece, content.Length - offset)), default)).Refusal);
            Assert.Equal(content, await ReadAsync(store, BlobName.OfCiphertext(digest)));
            Assert.True((await store.FindUploadAsync(digest, default))!.IsComplete);
            Assert.Empty(Directory.EnumerateFiles(scratch["uploads"]));
        }
    }

    [Fact]
    public async Task After_a_crash_an_upload_goes_on_at_the_length_that_reached_the_disk()
    {
        var content = RandomNumberGenerator.GetBytes(10_000);
        var digest = DigestOf(content);
        var before = new DiskBlobStore(_scratch.Path, 0);
        await before.BeginUploadAsync(digest, content.Length, default);
        await Assert.ThrowsAsync<IOException>(() => before.AppendAsync(digest, 0, new BreakingStream(content.AsMemory(0, 6_000)), default));

        var after = new DiskBlobStore(_scratch.Path, 0);
        var state = await after.FindUploadAsync(digest, default);
        Assert.Equal(6_000, state!.Offset);
        Assert.Equal(6_000, (await after.BeginUploadAsync(digest, content.Length, default)).Value.Offset);
        Assert.Null((await after.AppendAsync(digest, 6_000, new MemoryStream(content, 6_000, 4_000), default)).Refusal);
        Assert.Equal(content, await ReadAsync(after, BlobName.OfCiphertext(digest)));
    }

    [Theory]
    [InlineData("the member asks where it stands")]
    [InlineData("the member begins again")]
    [InlineData("the member appends nothing")]
    public async Task A_crash_between_the_last_byte_and_the_rename_is_finished_when(string what)
    {
        var content = RandomNumberGenerator.GetBytes(1_000);
        var digest = DigestOf(content);
        var store = new DiskBlobStore(_scratch.Path, 0);
        await store.BeginUploadAsync(digest, content.Length, default);
        await File.WriteAllBytesAsync(Directory.EnumerateFiles(_scratch["uploads"]).Single(), content);
        Assert.Null(await store.OpenAsync(BlobName.OfCiphertext(digest), default));

        if (what == "the member asks where it stands")
            Assert.True((await store.FindUploadAsync(digest, default))!.IsComplete);
        else if (what == "the member begins again")
            Assert.True((await store.BeginUploadAsync(digest, content.Length, default)).Value.IsComplete);
        else
            Assert.Null((await store.AppendAsync(digest, 1_000, Stream.Null, default)).Refusal);
        Assert.Equal(content, await ReadAsync(store, BlobName.OfCiphertext(digest)));
    }

    [Fact]
    public async Task Bytes_with_another_digest_never_become_the_blob_and_the_upload_starts_over()
    {
        var digest = DigestOf([1, 2, 3]);
        var store = new DiskBlobStore(_scratch.Path, 0);
        await store.BeginUploadAsync(digest, 3, default);
        Assert.Equal("upload.digest_mismatch", (await store.AppendAsync(digest, 0, new MemoryStream([1, 2, 4]), default)).Refusal?.Code);
        Assert.Null(await store.FindUploadAsync(digest, default));
        Assert.Null(await store.OpenAsync(BlobName.OfCiphertext(digest), default));
    }

    [Theory]
    [InlineData("a wrong offset", 1, 2, "upload.offset_mismatch")]
    [InlineData("more than announced", 0, 4, "upload.too_long")]
    public async Task An_append_is_refused(string why, long offset, int length, string code)
    {
        Assert.NotEmpty(why);
        var digest = DigestOf([1, 2, 3]);
        var store = new DiskBlobStore(_scratch.Path, 0);
        await store.BeginUploadAsync(digest, 3, default);
        Assert.Equal(code, (await store.AppendAsync(digest, offset, new MemoryStream(new byte[length]), default)).Refusal?.Code);
    }

    [Fact]
    public async Task An_upload_that_was_never_announced_or_announced_otherwise_is_refused()
    {
        var digest = DigestOf([1, 2, 3]);
        var store = new DiskBlobStore(_scratch.Path, 0);
        Assert.Equal("upload.unknown", (await store.AppendAsync(digest, 0, new MemoryStream([1]), default)).Refusal?.Code);
        await store.BeginUploadAsync(digest, 3, default);
        Assert.Equal("upload.size_conflict", (await store.BeginUploadAsync(digest, 4, default)).Refusal?.Code);
    }

    [Fact]
    public async Task A_store_without_room_beyond_its_reserve_refuses_uploads_and_keeps_what_it_has()
    {
        var first = new DiskBlobStore(_scratch.Path, 0);
        await first.WriteAsync(BlobName.Parse("intake/ab/one.json"), "1"u8.ToArray(), default);
        var full = new DiskBlobStore(_scratch.Path, long.MaxValue / 2);
        Assert.Equal("storage.full", (await full.BeginUploadAsync(DigestOf([1]), 1, default)).Refusal?.Code);
        Assert.Equal("1"u8.ToArray(), await ReadAsync(full, BlobName.Parse("intake/ab/one.json")));
    }

    [Fact]
    public async Task A_write_that_died_before_its_rename_leaves_nothing_behind()
    {
        Directory.CreateDirectory(_scratch["intake"]);
        await File.WriteAllTextAsync(_scratch["intake/one.json.0123.tmp"], "half");
        var store = new DiskBlobStore(_scratch.Path, 0);
        var names = new List<string>();
        await foreach (var blob in store.ListAsync("intake", default))
            names.Add(blob.Name.ToString());
        Assert.Empty(names);
        Assert.False(File.Exists(_scratch["intake/one.json.0123.tmp"]));
    }

    [Fact]
    public async Task Only_uploads_that_nobody_touched_are_removed()
    {
        var store = new DiskBlobStore(_scratch.Path, 0);
        await store.BeginUploadAsync(DigestOf([1]), 1, default);
        Assert.Equal(0, await store.RemoveAbandonedUploadsAsync(TimeProvider.System.GetUtcNow().AddHours(-1), default));
        Assert.Equal(1, await store.RemoveAbandonedUploadsAsync(TimeProvider.System.GetUtcNow().AddHours(1), default));
        Assert.Null(await store.FindUploadAsync(DigestOf([1]), default));
    }

    [Fact]
    public void No_name_leads_out_of_the_store() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
    {
        try
        {
            var path = Path.GetFullPath(Path.Combine("/store", BlobName.Parse(text.Get).ToString()));
            return path.StartsWith("/store/", StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return true;
        }
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/..")]
    [InlineData("a/./b")]
    [InlineData("A")]
    [InlineData("")]
    public void A_name_that_is_no_plain_path_is_refused(string name) => Assert.Throws<ArgumentException>(() => BlobName.Parse(name));

    private static Bytes32 DigestOf(byte[] content) => Bytes32.FromSpan(SHA256.HashData(content));

    private static async Task<byte[]> ReadAsync(DiskBlobStore store, BlobName name)
    {
        await using var stream = await store.OpenAsync(name, default);
        using var copy = new MemoryStream();
        await stream!.CopyToAsync(copy);
        return copy.ToArray();
    }

    /// <summary>Gives its bytes and then fails as a connection does.</summary>
    private sealed class BreakingStream(ReadOnlyMemory<byte> content) : MemoryStream(content.ToArray())
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The connection broke.");
    }
}
