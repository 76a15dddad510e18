using System.Globalization;
using Commonhold.Server.Contributions;
using Commonhold.Server.Storage;

namespace Commonhold.Tests.Server.Catalogue;

/// <summary>One definition of what is in the dataset, for the first page, the catalogue and its chart.</summary>
public sealed class DatasetLedgerTests : IDisposable
{
    private const long Monday = 1_795_392_000; // 23 Nov 2026, 00:00 UTC
    private const long Week = 7 * 86_400;

    private readonly ScratchFolder _scratch = new();
    private readonly Database _database;
    private readonly DatasetLedger _ledger;

    public DatasetLedgerTests()
    {
        _database = new Database(_scratch["node.db"]);
        _ledger = new DatasetLedger(_database);
    }

    public void Dispose()
    {
        _database.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task An_empty_dataset_has_a_size_and_no_growth()
    {
        await new Migrator(_database).RunAsync(default);
        Assert.Equal(new DatasetSize(), await _ledger.SizeAsync(default));
        Assert.Empty(await _ledger.GrowthAsync(default));
    }

    [Fact]
    public async Task Growth_ends_with_the_figures_above_it_and_counts_nothing_that_was_withdrawn()
    {
        await new Migrator(_database).RunAsync(default);
        await CommitAsync(0, Monday + 1, "ann", "ann", "bob");
        await CommitAsync(1, Monday + Week - 1, "cid");
        await CommitAsync(2, Monday + (2 * Week), "ann", "dan");
        await WithdrawAsync(0, 2); // All that bob gave.
        await WithdrawAsync(2, 0); // One of three that ann gave.

        var size = await _ledger.SizeAsync(default);
        var growth = await _ledger.GrowthAsync(default);

        Assert.Equal((4L, 3L, 400L, 3L, 2L), (size.Contributions, size.Members, size.Bytes, size.Batches, size.Withdrawn));
        Assert.Equal([new WeekOfGrowth(Monday, 3, 3, 300, 2), new WeekOfGrowth(Monday + (2 * Week), 1, 4, 400, 3)], growth);
        Assert.Equal((size.Contributions, size.Members, size.Bytes), (growth[^1].Contributions, growth[^1].Members, growth[^1].Bytes));
    }

    [Fact]
    public async Task Who_withdrew_everything_is_no_member_and_a_week_that_was_withdrawn_whole_is_not_drawn()
    {
        await new Migrator(_database).RunAsync(default);
        await CommitAsync(0, Monday, "ann");
        await WithdrawAsync(0, 0);

        Assert.Equal((0L, 0L), (await _ledger.SizeAsync(default)) is var size ? (size.Contributions, size.Members) : default);
        Assert.Empty(await _ledger.GrowthAsync(default));
    }

    private async Task CommitAsync(long batch, long at, params string[] owners)
    {
        await _database.ExecuteAsync("INSERT INTO batches VALUES (@batch, '', '', @count, '0', '', '0', '', '', @at, @batch)", new { batch, count = owners.Length, at }, default);
        foreach (var (owner, index) in owners.Select((owner, index) => (owner, index)))
            await _database.ExecuteAsync("INSERT INTO leaves VALUES (@batch, @index, @digest, @owner, 100, '', '', 1, '0', '', @batch)",
                new { batch, index, digest = string.Create(CultureInfo.InvariantCulture, $"{batch}-{index}"), owner }, default);
    }

    private Task WithdrawAsync(long batch, long index) => _database.ExecuteAsync(
        "INSERT INTO withdrawals (batch_id, leaf_index, owner, ciphertext_digest, block_number) VALUES (@batch, @index, '', '', @batch)", new { batch, index }, default);
}
