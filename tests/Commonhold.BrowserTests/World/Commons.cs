using System.Numerics;
using System.Runtime.CompilerServices;
using Commonhold.Cli;
using Commonhold.Cli.Demo;
using Commonhold.Cli.Embedded;
using Commonhold.Cli.Keys;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Exports.Reddit;

namespace Commonhold.BrowserTests.World;

/// <summary>A whole data DAO as `commonhold up` starts it, in this process, with a browser beside it: what one collection of tests shares.</summary>
/// <remarks>Filled once over the API, as members do: contributions in a batch, rewards claimed, one grant opened and paid for, one request
/// voted down, one that waits.</remarks>
public class Commons : IAsyncLifetime
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("commonhold-browser-");
    private readonly List<DemoMember> _members = [];
    private ChromiumBrowser? _chromium;

    internal const string Name = "Reddit commons";

    internal EmbeddedNode Node { get; private set; } = null!;

    internal DemoWorld World { get; private set; } = null!;

    internal IReadOnlyList<DemoMember> Members => _members;

    /// <summary>A buyer who works at the command line, as in the demo.</summary>
    internal MemberKey Buyer { get; private set; } = null!;

    internal DemoRequest Granted { get; private set; } = null!;

    /// <summary>A request that nobody has voted on yet.</summary>
    internal DemoRequest Waiting { get; private set; } = null!;

    /// <summary>Carried out, and defeated.</summary>
    internal IReadOnlyList<BigInteger> Proposals { get; private set; } = [];

    internal IBrowser Browser => _chromium!.Browser;

    internal Uri Home => new UriBuilder(Node.Url) { Host = "localhost" }.Uri;

    /// <summary>Whom a page may talk to besides the node.</summary>
    internal IReadOnlyList<Uri> Known => [Node.Chain.Url, .. Node.Guardians.Urls];

    internal CommonholdHome Place => new(Path.Combine(_home.FullName, "home"));

    /// <summary>Longer than any machine needs for what a journey does meanwhile: the tests move the clock, and nobody waits.</summary>
    private static readonly GovernanceRules Unhurried = GovernanceRules.Trial with { VotingDelay = 300, VotingPeriod = 3600, LateQuorumExtension = 300, TimelockDelay = 600 };

    /// <summary>How many members contribute before the first test.</summary>
    protected virtual int FilledBy => 6;

    internal string Scratch(string name) => Directory.CreateDirectory(Path.Combine(_home.FullName, name)).FullName;

    internal Task PlayAsync(Func<Stage, Task> journey, [CallerMemberName] string name = "") => Stage.PlayAsync(this, name, journey);

    /// <summary>What this DAO is set up with, where it is not the usual.</summary>
    private protected virtual EmbeddedOptions SetUp(EmbeddedOptions options) => options;

    public virtual async Task InitializeAsync()
    {
        if (Missing.Reason is not null)
            return;
        var browser = ChromiumBrowser.StartAsync();
        using var patience = new CancellationTokenSource(Patience.Journey);
        var last = "nothing";
        try
        {
            Node = await EmbeddedNode.StartAsync(
                SetUp(new EmbeddedOptions(Place) { Name = Name, Port = 0, ChainPort = 0, BatchAge = TimeSpan.FromSeconds(1), Rules = Unhurried }), story => last = story, patience.Token);
            World = new DemoWorld(Node, TimeProvider.System);
            _chromium = await browser;
            last = "members contribute, a buyer asks, everybody votes";
            if (FilledBy > 0)
                await FillAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {Patience.Journey.TotalMinutes} minutes in vain for a DAO to begin with; the last that happened: {last}.");
        }
    }

    public virtual async Task DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        _members.ForEach(member => member.Dispose());
        Buyer?.Dispose();
        World?.Dispose();
        if (Node is not null)
            await Node.DisposeAsync();
        _home.Delete(recursive: true);
    }

    /// <summary>One made-up export that nobody has contributed yet.</summary>
    internal async Task<string> SampleAsync(int account, int rows = 100)
    {
        var export = SampleExports.Account(account, seed: 77, rows);
        var path = Path.Combine(Scratch("exports"), export.FileName);
        await using var file = File.Create(path);
        await export.WriteAsync(file, CancellationToken.None);
        return path;
    }

    internal string KeyFileOf(int member) => new KeyRing(Scratch("people")).FileOf($"member-{member + 1}");

    internal string PassphraseOf(int member) => Passphrases.Generated(KeyFileOf(member));

    /// <summary>To the moment at which a proposal's voting opens, or ends, or its waiting time is over.</summary>
    internal async Task AdvanceToAsync(string proposal, Func<DataGovernor, BigInteger, ContractCall<BigInteger>> moment)
    {
        await AdvanceAsync((ulong)await World.ReadAsync(moment(new DataGovernor(World.Dao.Governor), NumberOf(proposal)), CancellationToken.None) + 1);
    }

    /// <summary>Of /vote/NUMBER.</summary>
    internal BigInteger NumberOf(string proposal) => BigInteger.Parse(proposal[(proposal.LastIndexOf('/') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Puts something to the vote, and waits until the node has read it from the chain.</summary>
    internal async Task ProposesAsync(DemoMember member, Proposal proposal)
    {
        await World.SendAsync(member.Key, proposal.ToPropose(World.Dao.Governor), "propose", CancellationToken.None);
        await World.UntilAsync("the node knows the proposal", async () =>
            (await World.Api.ListProposalsAsync(10, CancellationToken.None)).Any(known => known.ProposalId == $"{proposal.Id}"), CancellationToken.None);
    }

    /// <summary>Runs the command line beside the node, as whoever runs this machine does.</summary>
    /// <returns>Its exit code.</returns>
    internal async Task<int> CommandAsync(params string[] arguments)
    {
        using var command = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "commonhold.dll"), "--home", Place.Root, .. arguments]) {
                RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["COMMONHOLD_PASSPHRASE"] = People.Person.Passphrase },
            })!;
        // Both are read at once: a command that has more to say than a pipe holds would wait for whoever reads the other.
        var (said, told) = (command.StandardError.ReadToEndAsync(), command.StandardOutput.ReadToEndAsync());
        try
        {
            await Patience.ForAsync($"commonhold {string.Join(' ', arguments)} ends", Task.WhenAll(said, told, command.WaitForExitAsync()));
        }
        finally
        {
            if (!command.HasExited)
                command.Kill(entireProcessTree: true);
        }

        return command.ExitCode == 0 ? 0 : throw new InvalidOperationException($"commonhold {string.Join(' ', arguments)}: {await said}");
    }

    internal Task AdvanceAsync(ulong unixSeconds) => Node.Chain.Control.AdvanceToAsync((long)unixSeconds, CancellationToken.None);

    /// <summary>Everybody who is here already votes on a proposal, by signature over the API.</summary>
    internal async Task EverybodyVotesAsync(BigInteger proposal, VoteSupport support)
    {
        foreach (var member in _members)
            await World.RelayedAsync(await member.VoteAsync(World, proposal, support, CancellationToken.None), "vote", 1, CancellationToken.None);
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        var ring = new KeyRing(Scratch("people"));
        foreach (var export in await SampleExports.WriteAllAsync(Scratch("first"), FilledBy, seed: 5, rows: 60, cancellationToken))
            _members.Add(new DemoMember(export, ring.Create($"member-{_members.Count + 1}", generate: true)));
        await Parallel.ForEachAsync(_members, new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = cancellationToken }, (member, token) =>
            new ValueTask(member.ContributeAsync(World, Scratch("outbox"), token)));
        Assert.All(_members, member => Assert.Null(member.Refusal));
        await World.UntilAsync("every contribution stands in a batch", async () =>
        {
            var all = await Task.WhenAll(_members.Select(m => World.Api.GetContributionAsync(m.Digest!.Value, cancellationToken)));
            return all.All(status => status?.State == ContributionState.Committed);
        }, cancellationToken);
        await World.RelayedAsync(await World.Api.RelayClaimsAsync([.. _members.Select(m => m.Key.Address)], cancellationToken), "claim", _members.Count, cancellationToken);
        // Votes and snapshots count what was held a second before.
        var head = await Node.Chain.Control.HeadAsync(cancellationToken);
        await Node.Chain.Control.AdvanceToAsync(head.Time + 2, cancellationToken);

        Buyer = ring.Create("buyer", generate: true);
        await World.VisitFaucetAsync(Buyer.Address, cancellationToken);
        await World.VisitFaucetAsync(_members[0].Key.Address, cancellationToken);
        Granted = await DemoRequest.MakeAsync(World, Buyer, 1_000_000_007, "Train a model on the commons", cancellationToken);
        var carriedOut = await Granted.VoteAsync(_members[0], _members, VoteSupport.For, cancellationToken);
        await Granted.ExecuteAsync(carriedOut, Buyer, cancellationToken);
        await Granted.OpenAsync(Path.Combine(_home.FullName, "opened"), cancellationToken);
        var refused = await DemoRequest.MakeAsync(World, Buyer, 5_000_000, "Something the members do not like", cancellationToken);
        var defeated = await refused.VoteAsync(_members[0], _members, VoteSupport.Against, cancellationToken);
        Proposals = [carriedOut.Id, defeated.Id];
        Waiting = await DemoRequest.MakeAsync(World, Buyer, 40_000_000, "A study of how communities talk", cancellationToken);
    }
}

/// <summary>The same with few people in it.</summary>
public sealed class SmallCommons : Commons
{
    protected override int FilledBy => 3;
}

/// <summary>The same without anybody in it: how it looks on the first day.</summary>
public sealed class EmptyCommons : Commons
{
    protected override int FilledBy => 0;
}
