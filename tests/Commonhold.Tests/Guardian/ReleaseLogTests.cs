using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians;
using Commonhold.Guardians.Log;

namespace Commonhold.Tests.Guardian;

public sealed class ReleaseLogTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string LogPath => directory.File("releases.jsonl");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Every_line_names_the_digest_of_the_line_before()
    {
        await using var log = await OpenAsync();
        var first = await log.AppendAsync(Release(1), default);
        var second = await log.AppendAsync(Release(2), default);

        Assert.Equal(Bytes32.Zero, first.Previous);
        Assert.Equal(first.Digest, second.Previous);
        ReleaseLogVerifier verifier = new();
        foreach (var line in (await ReadAsync(log, 0)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            verifier.Accept(Encoding.UTF8.GetBytes(line));
        Assert.Equal(second.Digest, verifier.Head);
    }

    [Fact]
    public async Task A_line_reads_back_as_the_release_that_was_written()
    {
        var entry = ReleaseLogEntry.Chain(0, Release(7), Bytes32.Zero);

        var read = ReleaseLogEntry.Parse(entry.ToLine());

        Assert.Equal(entry.Digest, read.Digest);
        Assert.Equal(entry.Release.Indices, read.Release.Indices);
        Assert.Equal(entry.Release.Refusals, read.Release.Refusals);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_line_that_a_crash_tore_is_cut_off_and_kept_beside_the_log()
    {
        await WriteThreeAsync();
        var whole = await File.ReadAllBytesAsync(LogPath);
        await File.AppendAllTextAsync(LogPath, "{\"sequence\":3,\"ti");

        await using (var log = await OpenAsync())
        {
            Assert.Equal(3, log.Count);
            await log.AppendAsync(Release(4), default);
        }

        Assert.Equal("{\"sequence\":3,\"ti", await File.ReadAllTextAsync(LogPath + ".torn-3"));
        var after = await File.ReadAllBytesAsync(LogPath);
        Assert.Equal(whole, after[..whole.Length]);
        await using var again = await OpenAsync();
        Assert.Equal(4, again.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(200)]
    public async Task Wherever_the_last_line_is_torn_the_lines_before_it_stay(int missingBytes)
    {
        await WriteThreeAsync();
        await using (FileStream file = new(LogPath, FileMode.Open))
            file.SetLength(file.Length - missingBytes);

        await using var log = await OpenAsync();

        Assert.Equal(2, log.Count);
    }

    [Fact]
    public async Task A_last_line_of_zeros_that_a_power_cut_left_is_cut_off_too()
    {
        await WriteThreeAsync();
        await File.AppendAllTextAsync(LogPath, new string('\0', 300) + "\n");

        await using var log = await OpenAsync();

        Assert.Equal(3, log.Count);
    }

    [Theory]
    [InlineData("another grant", "\"grantId\":2,", "\"grantId\":9,")]
    [InlineData("one contribution fewer", "\"indices\":[0,1,2]", "\"indices\":[0,1]")]
    [InlineData("a space more", "{\"sequence\":1", "{ \"sequence\":1")]
    public async Task A_line_changed_afterwards_stops_the_guardian(string change, string from, string to)
    {
        await WriteThreeAsync();
        var lines = await File.ReadAllLinesAsync(LogPath);
        var changed = lines[1].Replace(from, to, StringComparison.Ordinal);
        Assert.True(changed != lines[1], change);
        lines[1] = changed;
        await File.WriteAllTextAsync(LogPath, string.Join('\n', lines) + "\n");

        var failure = await Assert.ThrowsAsync<GuardianException>(OpenAsync);

        Assert.Equal("guardian.log_damaged", failure.Code);
    }

    [Fact]
    public async Task A_line_left_out_stops_the_guardian()
    {
        await WriteThreeAsync();
        var lines = await File.ReadAllLinesAsync(LogPath);
        await File.WriteAllTextAsync(LogPath, $"{lines[0]}\n{lines[2]}\n{lines[2]}\n");

        var failure = await Assert.ThrowsAsync<GuardianException>(OpenAsync);

        Assert.Equal("guardian.log_damaged", failure.Code);
    }

    [Fact]
    public async Task A_reader_gets_the_lines_from_a_number_on_and_no_more_than_a_page()
    {
        await WriteThreeAsync();
        await using var log = await OpenAsync();

        Assert.StartsWith("{\"sequence\":1,", await ReadAsync(log, 1), StringComparison.Ordinal);
        Assert.Equal(2, (await ReadAsync(log, 0, maxLines: 2)).Count(c => c == '\n'));
        Assert.Empty(await ReadAsync(log, 3));
    }

    [Fact]
    public async Task Releases_written_at_the_same_time_form_one_chain()
    {
        await using (var log = await OpenAsync())
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => log.AppendAsync(Release((ulong)i), default))));

        await using var again = await OpenAsync();
        Assert.Equal(40, again.Count);
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_file()
    {
        await using var log = await OpenAsync();

        Assert.True(
            OperatingSystem.IsLinux() && File.GetUnixFileMode(LogPath) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private static ReleaseRecord Release(ulong grant) => new(
        1_800_000_000, 42, Keccak256.Hash([1]), new GrantId(grant), Keccak256.Hash([2]), new BatchId(3), [0, 1, 2],
        Keccak256.Hash([3]), [new IndexRefusal(2, "contribution.withdrawn")]);

    private static async Task<string> ReadAsync(ReleaseLog log, long from, int maxLines = 1000)
    {
        using MemoryStream lines = new();
        await log.CopyToAsync(from, maxLines, lines, default);
        return Encoding.UTF8.GetString(lines.ToArray());
    }

    private Task<ReleaseLog> OpenAsync() => ReleaseLog.OpenAsync(LogPath, default);

    private async Task WriteThreeAsync()
    {
        await using var log = await OpenAsync();
        foreach (var grant in new ulong[] { 1, 2, 3 })
            await log.AppendAsync(Release(grant), default);
    }
}
