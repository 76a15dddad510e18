namespace Commonhold.Exports.Reddit;

/// <summary>Made-up exports in the form of real ones, the same for the same seed: for the demo, tests and first tries.</summary>
public static class SampleExports
{
    /// <summary>Plans <paramref name="accounts"/> different accounts of about <paramref name="rows"/> comments each.</summary>
    public static IReadOnlyList<SampleExport> Plan(int accounts, ulong seed = 1, int rows = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(accounts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        return [.. Enumerable.Range(0, accounts).Select(i => new SampleExport(seed, i, rows))];
    }

    /// <summary>One account of such a plan, by its number from 0 on.</summary>
    public static SampleExport Account(int index, ulong seed = 1, int rows = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        return new SampleExport(seed, index, rows);
    }

    /// <summary>Writes the planned exports into a folder and returns their paths.</summary>
    public static async Task<IReadOnlyList<string>> WriteAllAsync(
        string directory, int accounts, ulong seed = 1, int rows = 100, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(directory);
        var paths = new List<string>(accounts);
        foreach (var export in Plan(accounts, seed, rows))
        {
            var path = Path.Combine(directory, export.FileName);
            await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
            await export.WriteAsync(file, cancellationToken);
            paths.Add(path);
        }

        return paths;
    }
}
