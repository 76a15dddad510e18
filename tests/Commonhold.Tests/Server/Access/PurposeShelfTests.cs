using System.Text;
using Commonhold.Ethereum;
using Commonhold.Server.Access;
using Commonhold.Server.Storage;
using Commonhold.Tests.Guardian;

namespace Commonhold.Tests.Server.Access;

public sealed class PurposeShelfTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private readonly TestClock _clock = new();
    private Database _database = null!;
    private PurposeShelf _shelf = null!;

    public async Task InitializeAsync()
    {
        _database = new Database(Path.Combine(_folder.Path, "node.db"));
        await new Migrator(_database).RunAsync(default);
        _shelf = Open();
    }

    [Fact]
    public async Task A_purpose_is_found_by_its_digest_also_after_a_restart()
    {
        var text = Encoding.UTF8.GetBytes("To study how people ask for help.\nNothing is published about one person. — é");
        Assert.Null(await _shelf.PutAsync(PurposeShelf.DigestOf(text), text, default));
        Assert.Null(await _shelf.PutAsync(PurposeShelf.DigestOf(text), text, default));
        _shelf = Open();
        Assert.Equal(Encoding.UTF8.GetString(text), await _shelf.FindAsync(PurposeShelf.DigestOf(text), default));
        Assert.Null(await _shelf.FindAsync(PurposeShelf.DigestOf("another"u8), default));
    }

    [Theory]
    [InlineData("nothing", "", "purpose.invalid")]
    [InlineData("only blanks", " \n ", "purpose.invalid")]
    [InlineData("a control character", "a\u001b[2Jb", "purpose.invalid")]
    public async Task What_is_no_text_is_refused(string what, string text, string code)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.True((await _shelf.PutAsync(PurposeShelf.DigestOf(bytes), bytes, default))?.Code == code, what);
    }

    [Fact]
    public async Task A_purpose_of_another_digest_too_long_or_not_in_UTF8_is_refused()
    {
        byte[] broken = [0xff, 0xfe];
        var longest = Encoding.UTF8.GetBytes(new string('a', PurposeShelf.MaxBytes));
        Assert.Equal("purpose.digest_mismatch", (await _shelf.PutAsync(PurposeShelf.DigestOf("b"u8), "a"u8.ToArray(), default))!.Code);
        Assert.Equal("purpose.invalid", (await _shelf.PutAsync(PurposeShelf.DigestOf(broken), broken, default))!.Code);
        Assert.Null(await _shelf.PutAsync(PurposeShelf.DigestOf(longest), longest, default));
        byte[] longer = [.. longest, (byte)'a'];
        Assert.Equal("purpose.invalid", (await _shelf.PutAsync(PurposeShelf.DigestOf(longer), longer, default))!.Code);
    }

    [Fact]
    public async Task Strangers_fill_the_shelf_for_a_day_at_most_and_never_for_a_request()
    {
        for (var i = 0; i < PurposeShelf.MostWaiting; i++)
            Assert.Null(await PutAsync($"junk {i}"));
        Assert.Equal("purpose.too_many_waiting", (await PutAsync("one more"))!.Code);

        // A request that names the purpose makes room for it.
        await NameAsync("what a buyer wrote");
        Assert.Null(await PutAsync("what a buyer wrote"));
        await NameAsync("junk 7");

        _clock.Advance(PurposeShelf.Patience + TimeSpan.FromMinutes(1));
        Assert.Null(await PutAsync("one more"));
        Assert.Null(await _shelf.FindAsync(Digest("junk 8"), default));
        Assert.Equal("junk 7", await _shelf.FindAsync(Digest("junk 7"), default));
        Assert.Equal("what a buyer wrote", await _shelf.FindAsync(Digest("what a buyer wrote"), default));
    }

    public Task DisposeAsync()
    {
        _shelf.Dispose();
        _database.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private PurposeShelf Open() => new(new DiskBlobStore(Path.Combine(_folder.Path, "store"), 0), _database, _clock);

    private static Bytes32 Digest(string text) => PurposeShelf.DigestOf(Encoding.UTF8.GetBytes(text));

    private Task<Commonhold.Client.Refusal?> PutAsync(string text) => _shelf.PutAsync(Digest(text), Encoding.UTF8.GetBytes(text), default);

    private Task NameAsync(string text) => _database.ExecuteAsync(
        "INSERT INTO requests (request_id, buyer, terms_hash, terms, requested_at, block_number) VALUES (@id, '', '', @terms, 0, 0)",
        new { id = text.Length, terms = $"{{\"purposeDigest\":\"{Digest(text)}\"}}" }, default);
}
