using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Releases;
using Commonhold.Server.Storage;
using Commonhold.Tests.Guardian;

namespace Commonhold.Tests.Server.Releases;

public sealed class LogFollowerTests : IDisposable
{
    private static readonly Address Guardian = Address.Parse("0x00000000000000000000000000000000000000a1");

    private readonly ScratchFolder _scratch = new();
    private readonly Database _database;

    public LogFollowerTests() => _database = new Database(_scratch["node.db"]);

    public void Dispose()
    {
        _database.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task A_log_is_read_on_from_where_it_was_left()
    {
        var log = Log(5);
        Assert.Equal(3, (await StepAsync(log.Take(3))).Taken);

        var asked = -1L;
        var step = await StepAsync(log, from => asked = from);

        Assert.Equal((2, null, 2), (step.Taken, step.Fault, asked));
        Assert.Equal([4L, 3, 2, 1, 0], (await Table().NewestAsync(null, null, null, 10, default)).Select(line => line.Sequence));
        Assert.Equal(new LogHead(5, log[^1].Digest), await Table().FindLogAsync(Guardian, default));
    }

    [Fact]
    public async Task Nothing_new_is_nothing_wrong()
    {
        var log = Log(2);
        await StepAsync(log);

        Assert.Equal(new LogStep(0, null, false), await StepAsync(log));
        Assert.Equal(new LogStep(0, null, false), await StepAsync(log));
    }

    [Fact]
    public async Task A_log_that_forgets_lines_is_named_and_what_was_read_is_kept()
    {
        await StepAsync(Log(3));

        var step = await StepAsync(Log(2));

        Assert.Equal((LogFault.Shrunk, 2L), (step.Fault!.Code, step.Fault.Sequence));
        Assert.Equal(3, (await Table().FindLogAsync(Guardian, default)).Count);
        Assert.Equal(LogFault.Shrunk, Assert.Single(await Table().FaultsAsync(default)).Code);
    }

    [Fact]
    public async Task A_log_written_anew_is_named()
    {
        await StepAsync(Log(3));

        var step = await StepAsync(Log(9, grant: 8));

        Assert.Equal((0, LogFault.Forked, 2L), (step.Taken, step.Fault!.Code, step.Fault.Sequence));
        Assert.Equal(3, (await Table().FindLogAsync(Guardian, default)).Count);
    }

    public static TheoryData<string, string, string> Tampered() => new()
    {
        { "another grant", "\"grantId\":7", "\"grantId\":8" },
        { "a space", "\"grantId\":7", "\"grantId\": 7" },
        { "another digest", "\"digest\":\"0x", "\"digest\":\"0x0" },
        { "not JSON", "{", "" },
    };

    [Theory, MemberData(nameof(Tampered))]
    public async Task A_line_that_is_not_what_was_hashed_ends_the_reading_there(string what, string from, string to)
    {
        var lines = Log(4).Select(entry => entry.ToLine()).ToArray();
        lines[2] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(lines[2]).Replace(from, to, StringComparison.Ordinal));

        var step = await new LogFollower(Table()).StepAsync(Guardian, start => Lines(lines, start), default);

        Assert.Equal((what, 2, LogFault.Broken, 2L), (what, step.Taken, step.Fault!.Code, step.Fault.Sequence));
        // It is not looked past, and not counted twice.
        Assert.Equal(0, (await new LogFollower(Table()).StepAsync(Guardian, start => Lines(lines, start), default)).Taken);
        Assert.Single(await Table().FaultsAsync(default));
    }

    [Fact]
    public async Task A_line_that_does_not_follow_is_named()
    {
        var (log, other) = (Log(2), Log(3, grant: 9));

        var step = await StepAsync([.. log, other[2]]);

        Assert.Equal((2, LogFault.Broken, 2L), (step.Taken, step.Fault!.Code, step.Fault.Sequence));
    }

    [Theory]
    [InlineData(long.MaxValue, 1UL)]
    [InlineData(-1, 1UL)]
    [InlineData(1, ulong.MaxValue)]
    public async Task Numbers_that_no_chain_or_clock_has_are_not_kept(long time, ulong block)
    {
        var line = ReleaseLogEntry.Chain(0, Release(7) with { Time = time, Block = block }, Bytes32.Zero);

        var step = await StepAsync([line]);

        Assert.Equal((0, LogFault.Broken), (step.Taken, step.Fault!.Code));
    }

    [Fact]
    public async Task A_connection_that_breaks_costs_nothing_that_came_before()
    {
        var log = Log(4);
        await Assert.ThrowsAsync<GuardianSilentException>(() => new LogFollower(Table()).StepAsync(
            Guardian, from => Lines([.. log.Take(2).Select(entry => entry.ToLine())], from, breaks: true), default));

        Assert.Equal(2, (await Table().FindLogAsync(Guardian, default)).Count);
        Assert.Equal(2, (await StepAsync(log)).Taken);
    }

    [Theory]
    [InlineData("", new uint[0])]
    [InlineData("0", new uint[] { 0 })]
    [InlineData("0-2", new uint[] { 2, 0, 1 })]
    [InlineData("0-1,3,5-6", new uint[] { 0, 1, 3, 5, 6 })]
    [InlineData("4294967294-4294967295", new uint[] { 4294967294, 4294967295 })]
    public void Indices_are_kept_as_ranges(string ranges, uint[] indices)
    {
        Assert.Equal(ranges, IndexRanges.Write(indices));
        Assert.All(indices, index => Assert.True(IndexRanges.Contain(ranges, index)));
        Assert.False(IndexRanges.Contain(ranges, 77));
    }

    [Fact]
    public async Task Whoever_asks_again_and_again_hides_no_earlier_release_of_a_contribution()
    {
        var table = Table();
        ReleaseLogEntry[] log = [ReleaseLogEntry.Chain(0, Release(1), Bytes32.Zero)];
        for (uint i = 1; i < 300; i++)
            log = [.. log, ReleaseLogEntry.Chain(i, Release(7) with { Indices = i % 2 == 0 ? [1] : [0, 1, 2 + i] }, log[^1].Digest)];
        await table.AddAsync(Guardian, log, default);

        var lines = await table.AroundAsync(new BatchId(3), 1, 20, default);

        Assert.Single(lines, line => line.Grant == 1);
        Assert.Equal(20, lines.Count(line => line.Grant == 7));
        Assert.Empty(await table.AroundAsync(new BatchId(4), 1, 20, default));
    }

    private ReleaseTable Table()
    {
        new Migrator(_database).RunAsync(default).GetAwaiter().GetResult();
        return new ReleaseTable(_database, new TestClock());
    }

    private Task<LogStep> StepAsync(IEnumerable<ReleaseLogEntry> log, Action<long>? asked = null) => new LogFollower(Table()).StepAsync(
        Guardian, from =>
        {
            asked?.Invoke(from);
            return Lines([.. log.Select(entry => entry.ToLine())], from);
        }, default);

    private static async IAsyncEnumerable<byte[]> Lines(byte[][] lines, long from, bool breaks = false)
    {
        await Task.CompletedTask;
        foreach (var line in lines.Skip((int)from))
            yield return line;
        if (breaks)
            throw new GuardianSilentException("The connection broke.");
    }

    private static ReleaseLogEntry[] Log(int count, ulong grant = 7)
    {
        var entries = new ReleaseLogEntry[count];
        for (var i = 0; i < count; i++)
            entries[i] = ReleaseLogEntry.Chain(i, Release(grant), i == 0 ? Bytes32.Zero : entries[i - 1].Digest);
        return entries;
    }

    private static ReleaseRecord Release(ulong grant) => new(
        1_800_000_000, 42, Keccak256.Hash([1]), new GrantId(grant), Keccak256.Hash([2]), new BatchId(3), [0, 1, 2], Keccak256.Hash([3]), []);
}
