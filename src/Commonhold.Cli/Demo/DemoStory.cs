using System.Diagnostics;
using System.Numerics;
using Commonhold.Cli.Embedded;
using Commonhold.Cli.Keys;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Demo;

/// <summary>The main job from beginning to end, told as it happens; every figure is measured, every claim is checked.</summary>
internal sealed class DemoStory(IAnsiConsole console, DemoOptions options, TimeProvider time) : IDisposable
{
    private static readonly BigInteger Price = 1_000_000_007; // 1,000.000007 of a currency with six decimals: it does not divide evenly.
    private const int EveryProof = 10;

    private readonly DemoFigures figures = new();
    private readonly List<DemoMember> people = [];
    private readonly DemoProvider provider = new(time);
    private DemoWorld world = null!;

    public void Dispose() => provider.Dispose();

    public async Task<DemoFigures> TellAsync(CancellationToken cancellationToken)
    {
        var home = new CommonholdHome(options.Home);
        EmbeddedNode embedded = null!;
        await StageAsync("start", async () => embedded = await EmbeddedNode.StartAsync(
            new EmbeddedOptions(home) { Name = "Demo commons", Port = 0, ChainPort = 0, BatchAge = TimeSpan.FromSeconds(2), Time = time, Log = options.Log, Policy = provider.Policy },
            Tell, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        await using (embedded.ConfigureAwait(false))
        {
            using var place = new DemoWorld(embedded, time);
            world = place;
            try
            {
                await PlayAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                foreach (var entry in world.MeanGas())
                    figures.Gas[entry.Key] = entry.Value;
                people.ForEach(person => person.Dispose());
                provider.Dispose();
            }
        }

        return figures;
    }

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        await StageAsync("contribute", () => ContributeAsync(cancellationToken)).ConfigureAwait(false);
        var members = people.Where(person => person.Digest is not null).ToList();
        await StageAsync("batch", () => BatchAsync(members, cancellationToken)).ConfigureAwait(false);
        await StageAsync("claim", () => ClaimAsync(members, cancellationToken)).ConfigureAwait(false);

        using var buyer = new KeyRing(Path.Combine(options.Home, "people")).Create("buyer", generate: true);
        await world.VisitFaucetAsync(buyer.Address, cancellationToken).ConfigureAwait(false);
        await world.VisitFaucetAsync(members[0].Key.Address, cancellationToken).ConfigureAwait(false);
        var access = new DemoAccess(world, figures, Tell, members, buyer, Path.Combine(options.Home, "opened"));
        DemoRequest? granted = null;
        await StageAsync("grant", async () => granted = await access.GrantAsync(Price, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        await StageAsync("open", () => access.OpenWithTwoGuardiansOffAsync(granted!, cancellationToken)).ConfigureAwait(false);
        await StageAsync("revenue", () => new DemoRevenue(world, figures, Tell, members).ClaimAllAsync(Price, cancellationToken)).ConfigureAwait(false);
        await StageAsync("refund", () => access.VotedDownAsync(Price, cancellationToken)).ConfigureAwait(false);
        await StageAsync("withdraw", () => access.WithdrawnStaysShutAsync(cancellationToken)).ConfigureAwait(false);
    }

    private async Task ContributeAsync(CancellationToken cancellationToken)
    {
        var files = Directory.GetFiles(options.Exports, "*.zip").Order(StringComparer.Ordinal).ToArray();
        // One file a person, each sealed by a random passphrase: such a one needs no slow scrypt, so its work factor is 2^10 and not 2^18.
        var ring = new KeyRing(Path.Combine(options.Home, "people"));
        var outbox = CommonholdHome.Private(Path.Combine(options.Home, "outbox"));
        people.AddRange(files.Select((file, i) =>
        {
            var key = ring.Create($"member-{i + 1}", generate: true);
            // A few have saved the platform's message; everybody else proves nothing and earns half.
            return new DemoMember(file, key, i % EveryProof == 0 ? provider.ProofOf(file, key, outbox) : null);
        }));
        Tell($"{people.Count} people make keys and contribute their exports over the node's API: cleaned and encrypted on their side");
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = cancellationToken }, (person, token) =>
            new ValueTask(person.ContributeAsync(world, outbox, token))).ConfigureAwait(false);
        figures.Contributions = people.Count;
        figures.Accepted = people.Count(person => person.Digest is not null);
        figures.Members = people.Where(person => person.Digest is not null).Select(person => person.Key.Address).Distinct().Count();
        figures.Refused.AddRange(people.Where(p => p.Refusal is not null).Select(p => new RefusedFile(p.File, p.Refusal!.Code)));
        Tell($"The validator opened each once, by its ticket: {figures.Accepted} accepted, {figures.Refused.Count} refused");
        foreach (var refused in figures.Refused)
            Tell($"  refused {refused.File}: {refused.Code}");
        Must(figures.Accepted > 0, "no contribution was accepted");
        var proved = people.Where(p => p is { HasProof: true, Digest: not null }).ToList();
        Tell($"  {proved.Count} of them showed it the platform's signed e-mail, and nobody else: their accounts are proved");
        foreach (var wrong in proved.Where(p => p.Level != EvidenceLevel.Email))
            Must(false, $"{wrong.File} came with a signed e-mail and reached '{wrong.Level.Name()}'");
    }

    private async Task BatchAsync(List<DemoMember> members, CancellationToken cancellationToken)
    {
        var registry = new ContributionRegistry(world.Dao.Registry);
        await world.UntilAsync("every accepted contribution stands in a batch on chain", async () =>
        {
            var mine = await Task.WhenAll(members.Select(m => world.Api.GetContributionAsync(m.Digest!.Value, cancellationToken))).ConfigureAwait(false);
            return mine.All(status => status?.State == ContributionState.Committed);
        }, cancellationToken).ConfigureAwait(false);
        figures.Batches = (int)await world.ReadAsync(registry.BatchCount(), cancellationToken).ConfigureAwait(false);
        foreach (var batch in await world.Api.ListBatchesAsync(new BatchId(0), cancellationToken).ConfigureAwait(false))
        {
            if (batch.TransactionHash is { } hash && await world.Chain.ReceiptAsync(hash, cancellationToken).ConfigureAwait(false) is { } receipt)
            {
                world.EnterGas("batch", receipt.GasUsed, 1);
                world.EnterGas("batch, each contribution", receipt.GasUsed, (int)batch.Batch.Count);
            }
        }

        Tell($"{figures.Accepted} contributions stand in {figures.Batches} batch(es), each under one Merkle root; nobody paid gas but the relayer");
    }

    private async Task ClaimAsync(List<DemoMember> members, CancellationToken cancellationToken)
    {
        foreach (var some in members.Select(m => m.Key.Address).Chunk(50))
        {
            var relay = await world.Api.RelayClaimsAsync(some, cancellationToken).ConfigureAwait(false);
            await world.RelayedAsync(relay, "claim, each member", some.Length, cancellationToken).ConfigureAwait(false);
        }

        var token = new DataToken(world.Dao.Token);
        foreach (var member in members)
        {
            var held = await world.ReadAsync(token.BalanceOf(member.Key.Address), cancellationToken).ConfigureAwait(false);
            Must(held == member.Points.ToTokenUnits().Value, $"{member.File} earned {member.Points} points and holds {held} base units");
        }

        // Votes and snapshots count what was held a second before; the story is told faster than that.
        var head = await world.Embedded.Chain.Control.HeadAsync(cancellationToken).ConfigureAwait(false);
        await world.Embedded.Chain.Control.AdvanceToAsync(head.Time + 2, cancellationToken).ConfigureAwait(false);
        var supply = await world.ReadAsync(token.TotalSupply(), cancellationToken).ConfigureAwait(false);
        Tell($"Rewards claimed: {new Wei(supply).ToUnits(18)} tokens, every one earned by a contribution");
    }

    private async Task StageAsync(string name, Func<Task> stage)
    {
        var watch = Stopwatch.StartNew();
        await stage().ConfigureAwait(false);
        figures.Seconds[name] = Math.Round(watch.Elapsed.TotalSeconds, 2);
    }

    private void Must(bool holds, string otherwise)
    {
        if (!holds)
            figures.Wrong.Add(otherwise);
    }

    private void Tell(string line) => console.MarkupLineInterpolated($"[grey]{time.GetLocalNow():HH:mm:ss}[/] {line}");
}

/// <param name="Home">Fresh; everything of the story lies in it.</param>
/// <param name="Exports">Directory of export archives.</param>
internal sealed record DemoOptions(string Home, string Exports, bool Log = false);
