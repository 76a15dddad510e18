using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Commonhold.Tests.Guardian;
using Commonhold.Validator.Uniqueness.Owners;
using Xunit;

namespace Commonhold.Tests.Validator.Uniqueness;

[Trait("Speed", "slow")]
public class OwnerMapKillTests
{
    private const int Kills = 25;

    [Fact]
    public async Task Killed_at_any_moment_it_has_every_commit_whole_and_counts_nothing_twice()
    {
        using var directory = new TemporaryDirectory();
        var known = 0;
        for (var round = 0; round < Kills; round++)
        {
            var said = await RunAndKillAsync(directory.Path, RandomNumberGenerator.GetInt32(1, 60));
            var (connection, map) = OwnerMapTests.Open(directory.Path);
            using (connection)
            using (map)
            {
                var first = OwnerMapChild.FirstMissing(map);
                Assert.True(first > said, $"batch {said} was committed, and of batch {first} nothing is there");
                Assert.True(first >= known, $"{known} batches were there before");
                known = first;

                // What was not committed is not there in part either.
                var next = map.Find(OwnerMapChild.KeysOf(first)).Distinct().ToArray();
                Assert.Equal([first % 3 == 2 ? OwnerMapChild.AccountOf(first - 1) : 0u], next);
                map.Compact();
                Assert.Equal(Enumerable.Range(0, first).Count(b => b % 3 != 2) * (long)OwnerMapChild.KeysInBatch, map.Count);
            }
        }

        Assert.True(known > Kills);
    }

    /// <summary>Starts the child, lets it commit at least this many batches and kills it in the middle of what follows.</summary>
    /// <returns>The last batch that it said was committed.</returns>
    private static async Task<int> RunAndKillAsync(string directory, int batches)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(OwnerMapChild).Assembly.Location, OwnerMapChild.Verb, directory])
        {
            RedirectStandardOutput = true,
        };
        using var child = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        try
        {
            var last = -1;
            for (; batches > 0 && await child.StandardOutput.ReadLineAsync(patience.Token) is { } line; batches--)
                last = int.Parse(line, CultureInfo.InvariantCulture);
            child.Kill();
            while (await child.StandardOutput.ReadLineAsync(patience.Token) is { } line)
                last = int.Parse(line, CultureInfo.InvariantCulture);
            await child.WaitForExitAsync(patience.Token);
            return last;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("The child has said nothing for minutes, or does not end.");
        }
        finally
        {
            if (!child.HasExited)
                child.Kill();
        }
    }
}
