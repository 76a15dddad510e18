using System.Globalization;
using Commonhold.Validator.Uniqueness.Owners;

namespace Commonhold.Tests.Validator.Uniqueness;

/// <summary>The process that <see cref="OwnerMapKillTests"/> kills: commits batch after batch and says each when it is committed.</summary>
internal static class OwnerMapChild
{
    public const string Verb = "owner-map";
    public const int KeysInBatch = 50;

    public static int Run(string directory)
    {
        var (connection, map) = OwnerMapTests.Open(directory, new OwnerMapOptions { FlushAt = 200, MostInMemory = 600, Ratio = 3 });
        for (var batch = FirstMissing(map); ; batch++)
        {
            OwnerMapTests.Commit(connection, map, KeysOf(batch), AccountOf(batch));
            Console.WriteLine(batch.ToString(CultureInfo.InvariantCulture));
            Console.Out.Flush();
        }
    }

    /// <summary>Every third batch takes over the keys of the one before it.</summary>
    public static ulong[] KeysOf(int batch)
    {
        var keys = new FastKeys((ulong)(batch % 3 == 2 ? batch - 1 : batch));
        return [.. Enumerable.Range(0, KeysInBatch).Select(_ => keys.Next()).Order()];
    }

    public static uint AccountOf(int batch) => (uint)batch + 1;

    /// <summary>The first batch that was not committed; every one before it is there whole.</summary>
    public static int FirstMissing(OwnerMap map)
    {
        var batch = 0;
        while (IsThere(map, batch))
            batch++;
        return batch;
    }

    private static bool IsThere(OwnerMap map, int batch)
    {
        var accounts = map.Find(KeysOf(batch)).Distinct().ToArray();
        return accounts is [var account] && (account == AccountOf(batch) || (batch % 3 == 1 && account == AccountOf(batch + 1)));
    }
}
