using System.Diagnostics;
using Commonhold.Client;
using Commonhold.ServerTests.Node;
using Xunit.Abstractions;

namespace Commonhold.ServerTests.Hostile;

/// <summary>Runs alone: the memory that it measures is the whole process's, and other tests would count as well.</summary>
[CollectionDefinition(nameof(HostileCorpusTests), DisableParallelization = true)]
public sealed class HostileCorpusCollection;

/// <summary>Everything bad that we could think of, through the node over HTTP and two true validators, on a real chain.</summary>
[Collection(nameof(HostileCorpusTests))]
[Trait("Speed", "slow")]
public sealed class HostileCorpusTests(ITestOutputHelper output)
{
    /// <summary>Generous: it guards against a case that runs away and measures nothing.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(3);

    /// <summary>Node, two validators and the making of the corpus itself; a bomb that went off would take gigabytes.</summary>
    private const long MostMemory = 512L << 20;

    [AnvilFact]
    public async Task Every_bad_input_gets_its_own_code_in_bounded_time_and_memory_and_nothing_is_lost()
    {
        await using var world = await HostileWorld.StartAsync();
        Assert.Equal(HostileCase.Accepted, await world.ContributeAsync(await HostileFile.HonestAsync(world, 0), default));
        var before = MemoryInUse();
        using MemoryWatch watch = new();
        List<string> wrong = [];
        HostileCase[] cases = [.. ExportCases.All(), .. AgeCases.All(), .. TermsCases.All(), .. HttpCases.All()];
        foreach (var one in cases)
        {
            var answer = await TryAsync(world, one);
            if (answer != one.Code)
                wrong.Add($"{one.Name}: {answer}, not {one.Code}");
        }

        output.WriteLine($"{cases.Length} cases, at most {(watch.Peak - before) >> 20} MiB more than before");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases.Length}:\n{string.Join('\n', wrong)}");
        Assert.True(watch.Peak - before < MostMemory, $"{(watch.Peak - before) >> 20} MiB more than before the corpus");

        // Whoever comes after is served as if nothing had been.
        var honest = await HostileFile.HonestAsync(world, 1);
        Assert.Equal(HostileCase.Accepted, await world.ContributeAsync(honest, default));
        await Eventually.HoldsAsync(
            async () => (await world.Node.Client.GetContributionAsync(honest.Digest, default))!.State == ContributionState.Committed, "the honest file is committed");
        Assert.True((await world.Node.Client.GetProofAsync(honest.Digest, default)).IsValid);
        Assert.True((await world.Node.Http.GetAsync("health/ready")).IsSuccessStatusCode);
    }

    private static async Task<string> TryAsync(HostileWorld world, HostileCase one)
    {
        using CancellationTokenSource time = new(MostTime);
        try
        {
            return await one.SendAsync(world, time.Token);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            return $"no answer in {MostTime.TotalSeconds:0} s";
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            return $"{(e as CommonholdException)?.Refusal?.Code ?? e.ToString()} at an unexpected place";
        }
    }

    private static long MemoryInUse()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>The most memory that this process had while it was watched.</summary>
    private sealed class MemoryWatch : IDisposable
    {
        private readonly Timer _timer;
        private long _peak;

        public MemoryWatch() => _timer = new Timer(_ => Interlocked.Exchange(ref _peak, Math.Max(Interlocked.Read(ref _peak), MemoryInUse())), null, 0, 50);

        public long Peak => Interlocked.Read(ref _peak);

        public void Dispose() => _timer.Dispose();
    }
}
