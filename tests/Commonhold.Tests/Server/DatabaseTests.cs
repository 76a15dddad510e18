using System.Numerics;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Contributions;
using Commonhold.Server.Indexer;
using Commonhold.Server.Storage;
using Dapper;

namespace Commonhold.Tests.Server;

public sealed class DatabaseTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly Database _database;

    public DatabaseTests() => _database = new Database(_scratch["node.db"]);

    public void Dispose()
    {
        _database.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Migrations_run_once_and_in_order()
    {
        await new Migrator(_database).RunAsync(default);
        await new Migrator(_database).RunAsync(default);
        var done = await _database.QueryAsync<long>("SELECT number FROM migrations ORDER BY number", null, default);
        Assert.Equal(Enumerable.Range(1, Migrator.Embedded().Count).Select(number => (long)number), done);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_of_itself()
    {
        Migration[] bad = [new(1, "0001_good.sql", "CREATE TABLE good (id INTEGER)"), new(2, "0002_bad.sql", "CREATE TABLE half (id INTEGER); CREATE TABLE good (id INTEGER);")];
        await Assert.ThrowsAnyAsync<Exception>(() => new Migrator(_database, bad).RunAsync(default));
        Assert.Equal(1, await _database.FindAsync<long>("SELECT COUNT(*) FROM migrations", null, default));
        Assert.Equal(0, await _database.FindAsync<long>("SELECT COUNT(*) FROM sqlite_master WHERE name = 'half'", null, default));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_not_touched()
    {
        await new Migrator(_database, [new(1, "0001.sql", "SELECT 1"), new(2, "0002.sql", "SELECT 1")]).RunAsync(default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => new Migrator(_database, [new(1, "0001.sql", "SELECT 1")]).RunAsync(default));
    }

    [Fact]
    public async Task Our_values_come_back_as_they_went_in()
    {
        await new Migrator(_database).RunAsync(default);
        var row = new Values
        {
            Digest = Keccak256.Hash("x"u8), Owner = Address.FromSpan(new byte[20]), Points = new Points(UInt128.MaxValue),
            Amount = new Wei(BigInteger.Pow(2, 256) - 1),
        };
        var back = await _database.FindAsync<Values>("SELECT @Digest AS Digest, @Owner AS Owner, @Points AS Points, @Amount AS Amount, NULL AS Missing", row, default);
        Assert.Equal(row, back);
    }

    [Fact]
    public async Task Rolling_back_removes_what_came_after_the_block_and_nothing_else()
    {
        await new Migrator(_database).RunAsync(default);
        await _database.InTransactionAsync(async transaction =>
        {
            foreach (var block in new[] { 5, 6, 7 })
            {
                await ChainTables.RememberAsync(transaction, block, Keccak256.Hash([(byte)block]));
                await transaction.Connection!.ExecuteAsync(
                    "INSERT INTO withdrawals (batch_id, leaf_index, owner, ciphertext_digest, block_number) VALUES (0, @block, 'a', 'b', @block)", new { block }, transaction);
            }

            await ChainTables.RollBackAsync(transaction, 6);
            return 0;
        }, default);
        Assert.Equal([5L, 6L], await _database.QueryAsync<long>("SELECT block_number FROM withdrawals ORDER BY block_number", null, default));
        await using var connection = await _database.OpenAsync(default);
        Assert.Equal(6, (await ChainTables.NewestAsync(connection))!.Number);
    }

    [Fact]
    public async Task Every_table_of_the_chain_can_be_rolled_back()
    {
        await new Migrator(_database).RunAsync(default);
        var withBlock = await _database.QueryAsync<string>(
            "SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'block_number')", null, default);
        Assert.Equal(withBlock.Except(["relay_operations"]).Order(StringComparer.Ordinal), ChainTables.Derived.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_second_node_on_the_same_directory_refuses_and_a_freed_one_can_be_taken()
    {
        using (NodeLock.Take(_scratch.Path))
            Assert.Throws<NodeAlreadyRunningException>(() => NodeLock.Take(_scratch.Path));
        NodeLock.Take(_scratch.Path).Dispose();
    }

    [Fact]
    public async Task A_contribution_sent_again_has_the_newer_terms_under_the_newer_signature()
    {
        await new Migrator(_database).RunAsync(default);
        using var owner = Secp256k1Key.Generate();
        CommonholdDomain registry = new(31_337, owner.Address);
        ContributionTable table = new(_database);
        var first = new ContributionTerms(owner.Address, Keccak256.Hash("file"u8), 7, Keccak256.Hash("share"u8), Schema.Hash(Schema.RedditExport), 1, 100, default);
        foreach (var terms in new[] { first, first with { KeyEpoch = 2, Deadline = 200, Schema = Schema.Hash("another"), Size = 8 } })
        {
            var signed = terms.Signed(owner, registry);
            await table.InsertAsync(new Intake(ContributionSubmission.From(signed, registry, owner.Address, [1]), 1), default);
            Assert.Equal(signed, (await table.FindAsync(first.CiphertextDigest, default))!.ToSigned());
        }
    }

    private sealed record Values
    {
        public Bytes32 Digest { get; init; }
        public Address Owner { get; init; }
        public Points Points { get; init; }
        public Wei Amount { get; init; }
        public Bytes32? Missing { get; init; }
    }
}
