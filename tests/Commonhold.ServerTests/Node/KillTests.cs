using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Cli.Chain;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.ServerTests.Node;

/// <summary>The node as a real process, killed with SIGKILL again and again while members contribute and validators work.</summary>
[Trait("Speed", "slow")]
public sealed class KillTests : IDisposable
{
    private const int Kills = 25, Members = 32, AtOnce = 4;

    /// <summary>Who waits longer and longer between attempts would miss the moments at which this node lives.</summary>
    private static readonly HttpLimits Impatient = new() { Attempts = 1, UploadChunkBytes = 4096, RequestTimeout = TimeSpan.FromSeconds(5) };
    private readonly Scratch _scratch = new();
    private readonly ConcurrentQueue<string> _said = new();
    private CommonholdException? _lastFailure;

    public void Dispose() => _scratch.Dispose();

    [AnvilFact]
    public async Task Killed_at_25_moments_every_accepted_contribution_is_in_one_batch_and_every_reward_counts_once()
    {
        await using var world = await NodeWorld.CreateAsync();
        var port = await PrepareAsync(world);
        var process = Start(world, port);
        using var http = NodeClient.CreateHttp(new Uri($"http://127.0.0.1:{port}"));
        var node = new NodeClient(http, Impatient);
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        var files = Enumerable.Range(0, Members).Select(_ => SampleFile.Make(world, size: 20_000)).ToArray();
        var accepted = new ConcurrentBag<Bytes32>();
        var members = Task.WhenAll(files.Chunk(Members / AtOnce).Select(some => ContributeAsync(world, node, some, accepted, end.Token)));
        using var working = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        var validators = ValidateAsync(world, http, working.Token);
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                await ReadyAsync(process, http, end.Token);
                await Task.Delay(RandomNumberGenerator.GetInt32(0, 700), end.Token);
                process.Kill();
                await process.WaitForExitAsync(end.Token);
                process.Dispose();
                process = Start(world, port);
            }

            await ReadyAsync(process, http, end.Token);
            try
            {
                await members;
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                Assert.Fail($"Members still try: {_lastFailure}\n{LastWords}");
            }

            foreach (var file in files)
                await Eventually.HoldsAsync(async () =>
                {
                    try
                    {
                        return (await node.GetContributionAsync(file.Digest, end.Token))?.State == ContributionState.Committed;
                    }
                    catch (CommonholdException)
                    {
                        return false; // It is starting.
                    }
                }, $"{file.Digest} is committed");

            Assert.Equal(Members, accepted.Count);
            var registry = new ContributionRegistry(world.Contracts.Registry);
            var batches = (ulong)await world.ReadAsync(registry.BatchCount());
            var leaves = new List<Leaf>();
            for (ulong id = 0; id < batches; id++)
            {
                var manifest = (await node.GetManifestAsync(new BatchId(id), end.Token)).Value;
                var onChain = await world.ReadAsync(registry.BatchAt(id));
                Assert.Null(manifest.Against(world.Registry.ChainId, world.Contracts.Registry, new BatchId(id), onChain.Root, onChain.Count));
                leaves.AddRange(manifest.Leaves);
            }

            Assert.Equal(files.Select(file => file.Digest).Order(), leaves.Select(leaf => leaf.CiphertextDigest).Order());
            Assert.Equal(Members * (System.Numerics.BigInteger)TestValidators.Worth.Value, await world.ReadAsync(registry.RewardPoints()));
            Assert.Equal(TestValidators.Worth, (await node.GetRewardsAsync(files[0].Owner.Address, end.Token)).CumulativePoints);
        }
        finally
        {
            await working.CancelAsync();
            await validators;
            process.Kill();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
            process.Dispose();
        }
    }

    private string LastWords => string.Join('\n', _said.TakeLast(30));

    private async Task<int> PrepareAsync(NodeWorld world)
    {
        var settings = new DaoSettings(NodeWorld.Name, "TEST", Schema.RedditExport, [world.Guardian.Address], 1, [.. world.Validators.Select(key => key.Address)], 2) { Rules = GovernanceRules.Trial, Trial = true };
        await new DaoFile(world.Registry.ChainId, 0, world.Contracts, settings, world.Currency).WriteAsync(Path.Combine(_scratch.Path, "dao.json"), default);
        using var relayer = MemberKey.From(world.Relayer, X25519Identity.Generate());
        var file = Path.Combine(_scratch.Path, "relayer.age");
        await File.WriteAllTextAsync(Path.ChangeExtension(file, ".passphrase"), "only for this test\n");
        relayer.Save(file, "only for this test", workFactor: 4);
        return FreePort.Take();
    }

    private Process Start(NodeWorld world, int port)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "commonhold.dll"), "node", "serve", "--rpc", world.Rpc.ToString(), "--dao-file", Path.Combine(_scratch.Path, "dao.json"),
            "--data", Path.Combine(_scratch.Path, "node"), "--listen", $"127.0.0.1:{port}", "--relayer-key", Path.Combine(_scratch.Path, "relayer.age"),
            "--batch-size", "7", "--batch-seconds", "1", "--poll-milliseconds", "100",
        ]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "(ended)");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task ContributeAsync(NodeWorld world, NodeClient node, SampleFile[] files, ConcurrentBag<Bytes32> accepted, CancellationToken cancellationToken)
    {
        foreach (var file in files)
            while (true)
            {
                try
                {
                    await node.UploadAsync(file.Digest, new MemoryStream(file.Age), null, cancellationToken);
                    await node.SubmitAsync(file.Submission(world), cancellationToken);
                    accepted.Add(file.Digest);
                    await Task.Delay(RandomNumberGenerator.GetInt32(0, 1000), cancellationToken);
                    break;
                }
                catch (CommonholdException failure) when (!cancellationToken.IsCancellationRequested)
                {
                    _lastFailure = failure;
                    await Task.Delay(150, cancellationToken); // The node is dead or starting: the member tries again.
                }
            }
    }

    private static async Task ValidateAsync(NodeWorld world, HttpClient http, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await TestValidators.WorkAsync(world, http, Impatient, cancellationToken);
                await Task.Delay(50, cancellationToken);
            }
            catch (CommonholdException)
            {
                await Task.Delay(50, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadyAsync(Process process, HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Assert.False(process.HasExited, $"The node ended by itself.\n{LastWords}");
                try
                {
                    if ((await http.GetAsync("health/live", cancellationToken)).IsSuccessStatusCode)
                        return;
                }
                catch (HttpRequestException)
                {
                }

                await Task.Delay(20, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The node does not answer.\n{LastWords}");
        }
    }
}
