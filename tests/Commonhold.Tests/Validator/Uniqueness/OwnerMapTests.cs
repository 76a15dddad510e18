using Commonhold.Tests.Guardian;
using Commonhold.Validator.Uniqueness.Owners;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Commonhold.Tests.Validator.Uniqueness;

public class OwnerMapTests
{
    // Small enough that every step of a test writes and merges files.
    private static readonly OwnerMapOptions Small = new() { FlushAt = 20, MostInMemory = 60, Ratio = 3 };

    private static readonly ulong[] AllKeys = [.. Enumerable.Range(0, 301).Select(k => (ulong)k * 0x9E3779B97F4A7C15).Order()];

    /// <summary>One step: keys for an account, then a commit, a rollback or a restart.</summary>
    private sealed record Step(ulong[] Keys, uint Account, int End);

    private static readonly Gen<Step> Steps =
        from keys in Gen.Choose(0, 300).ListOf()
        from account in Gen.Choose(1, 5)
        from end in Gen.Choose(0, 9)
        select new Step([.. keys.Select(k => (ulong)k * 0x9E3779B97F4A7C15).Distinct().Order()], (uint)account, end);

    [Fact]
    public void The_map_answers_as_a_dictionary_would_through_commits_rollbacks_restarts_and_merges() =>
        Prop.ForAll(Steps.ListOf().Resize(40).ToArbitrary(), steps =>
        {
            using var directory = new TemporaryDirectory();
            Dictionary<ulong, uint> model = [];
            var (connection, map) = Open(directory.Path);
            foreach (var step in steps)
            {
                using (var transaction = connection.BeginTransaction())
                {
                    map.Put(step.Keys, step.Account);
                    if (map.Find(step.Keys).Any(a => a != step.Account))
                        return false;
                    if (step.End > 2)
                        transaction.Commit();
                }

                if (step.End > 2)
                {
                    map.OnCommitted();
                    foreach (var key in step.Keys)
                        model[key] = step.Account;
                }
                else
                {
                    map.OnRolledBack();
                }

                if (step.End == 9)
                {
                    map.Dispose();
                    connection.Dispose();
                    (connection, map) = Open(directory.Path);
                }

                var found = map.Find(AllKeys);
                if (AllKeys.Where((key, i) => found[i] != model.GetValueOrDefault(key)).Any())
                    return false;
            }

            map.Compact();
            var isCounted = map.Count == model.Count;
            map.Dispose();
            connection.Dispose();
            return isCounted;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void Many_keys_stay_in_few_files_of_eight_bytes_a_key()
    {
        using var directory = new TemporaryDirectory();
        var (connection, map) = Open(directory.Path, new OwnerMapOptions { FlushAt = 4_000, MostInMemory = 20_000 });
        var random = new FastKeys(7);
        for (var i = 1u; i <= 100; i++)
            Commit(connection, map, [.. Enumerable.Range(0, 1_000).Select(_ => random.Next()).Order()], i);
        map.Compact();
        Assert.Equal(100_000, map.Count);
        Assert.InRange(map.Files, 1, 4);
        Assert.InRange(map.FileBytes / 100_000.0, 5, 8.2);
        random = new FastKeys(7);
        for (var i = 1u; i <= 100; i++)
            Assert.All(map.Find([.. Enumerable.Range(0, 1_000).Select(_ => random.Next()).Order()]), account => Assert.Equal(i, account));
        map.Dispose();
        connection.Dispose();
    }

    [Fact]
    public void A_file_that_was_changed_or_is_missing_is_an_error_and_not_an_answer()
    {
        using var directory = new TemporaryDirectory();
        var (connection, map) = Open(directory.Path);
        ulong[] keys = [.. Enumerable.Range(1, 2_000).Select(i => (ulong)i << 40)];
        Commit(connection, map, keys, 3);
        map.Compact();
        map.Dispose();
        var file = Assert.Single(Directory.GetFiles(directory.Path, "*.owners"));
        var bytes = File.ReadAllBytes(file);
        bytes[5_000] ^= 1;
        File.WriteAllBytes(file, bytes);
        using (var damaged = Reopen(connection, directory.Path))
            Assert.Throws<InvalidDataException>(() => damaged.Find(keys));
        File.WriteAllBytes(file, bytes[..^9]);
        Assert.Throws<InvalidDataException>(() => Reopen(connection, directory.Path));
        File.Delete(file);
        Assert.ThrowsAny<IOException>(() => Reopen(connection, directory.Path));
        connection.Dispose();
    }

    [Fact]
    public void What_a_killed_task_left_lying_is_taken_away()
    {
        using var directory = new TemporaryDirectory();
        var (connection, map) = Open(directory.Path);
        Commit(connection, map, [1, 2, 3], 1);
        map.Compact();
        map.Dispose();
        File.WriteAllText(Path.Combine(directory.Path, "rows-ff.owners"), "half a file");
        File.WriteAllText(Path.Combine(directory.Path, "rows-1f.owners.part"), "half a file");
        using var again = Reopen(connection, directory.Path);
        Assert.Equal([1u, 1, 1, 0], again.Find([1, 2, 3, 4]));
        Assert.Single(Directory.GetFiles(directory.Path, "*.owners*"));
        connection.Dispose();
    }

    internal static void Commit(SqliteConnection connection, OwnerMap map, ulong[] keys, uint account)
    {
        using (var transaction = connection.BeginTransaction())
        {
            map.Put(keys, account);
            transaction.Commit();
        }

        map.OnCommitted();
    }

    internal static (SqliteConnection Connection, OwnerMap Map) Open(string directory, OwnerMapOptions? options = null)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "test.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + OwnerStore.Schema;
        command.ExecuteNonQuery();
        return (connection, OwnerMap.Open(new OwnerStore(connection, directory, "rows"), options ?? Small));
    }

    private static OwnerMap Reopen(SqliteConnection connection, string directory) =>
        OwnerMap.Open(new OwnerStore(connection, directory, "rows"), Small);
}

/// <summary>Keys as hashes lie, the same for the same seed (SplitMix64).</summary>
internal sealed class FastKeys(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
