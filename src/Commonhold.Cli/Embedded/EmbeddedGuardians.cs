using Commonhold.Cli.Chain;
using Commonhold.Cli.Keys;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Guardians;
using Commonhold.Guardians.Chain;
using Commonhold.Guardians.Hosting;
using Commonhold.Guardians.Keys;
using Microsoft.Extensions.Logging;

namespace Commonhold.Cli.Embedded;

/// <summary>The guardians of an embedded node: the same class that `commonhold guardian serve` runs, each with its own directory, key and log.</summary>
internal sealed class EmbeddedGuardians(EmbeddedOptions options) : IAsyncDisposable
{
    private readonly List<Passphrase> passphrases = [];
    private readonly List<GuardianHost?> hosts = [];
    private readonly List<Address> accounts = [];
    private DaoFile dao = null!;

    public IReadOnlyList<Address> Accounts => accounts;

    /// <summary>Guardian i + 1 answers at place i.</summary>
    public IReadOnlyList<Uri> Urls { get; private set; } = [];

    public string DirectoryOf(int index) => Path.Combine(options.Home.Guardians, $"{index + 1}");

    /// <summary>Each guardian's account, made at the first start.</summary>
    public async Task<IReadOnlyList<Address>> OpenOrMakeKeysAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < options.GuardianCount; i++)
        {
            var keyFile = Path.Combine(DirectoryOf(i), "guardian.age");
            CommonholdHome.Private(DirectoryOf(i));
            var passphrase = Passphrase.Of(Passphrases.Generated(keyFile));
            passphrases.Add(passphrase);
            if (!File.Exists(keyFile))
                await GuardianRuntime.InitializeAsync(DirectoryOf(i), passphrase, cancellationToken, Passphrases.WorkFactorOfGenerated).ConfigureAwait(false);
            using var keys = await GuardianKeyFile.OpenAsync(keyFile, passphrase, cancellationToken).ConfigureAwait(false);
            accounts.Add(keys.Account.Address);
        }

        return accounts;
    }

    public async Task StartAsync(DaoFile servedDao, Uri rpc, Uri node, CancellationToken cancellationToken)
    {
        dao = servedDao;
        for (var i = 0; i < options.GuardianCount; i++)
        {
            var settings = new GuardianSettings
            {
                Directory = DirectoryOf(i),
                Dao = dao.Contracts.Dao,
                Rpc = rpc,
                Node = node,
                // A single anvil cannot reorganise, and its time is moved by hand.
                Chain = new ChainSettings(FinalityRule.AtDepth(0), MaxChainAge: null),
                Listen = new Uri($"http://127.0.0.1:{FreePort.Take()}"),
                PollInterval = TimeSpan.FromMilliseconds(100),
            };
            hosts.Add(await GuardianHost.StartAsync(
                settings, passphrases[i], options.Time, cancellationToken, options.Log ? log => log.AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace) : null)
                .ConfigureAwait(false));
        }

        Urls = [.. hosts.Select(host => host!.Address)];
    }

    /// <summary>Makes the dataset key, or finishes what an earlier start began; at once when every guardian has confirmed.</summary>
    public async Task HoldCeremonyAsync(EthereumNode node, Action<string> story, CancellationToken cancellationToken)
    {
        var registry = new GuardianRegistry(dao.Contracts.Guardians);
        var epoch = await node.ReadAsync(registry.LatestEpoch(), BlockReference.Latest, cancellationToken).ConfigureAwait(false);
        if (await node.ReadAsync(registry.ActiveEpoch(), BlockReference.Latest, cancellationToken).ConfigureAwait(false) == epoch)
            return;
        story($"Making the dataset key: {options.GuardianThreshold} of {options.GuardianCount} guardians, no one ever holds it whole");
        await Task.WhenAll(hosts.Select(host => host!.Runtime.Ceremony.RunAsync(epoch, null, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>Ends one guardian, as a machine that is switched off.</summary>
    public async Task StopAsync(int index)
    {
        if (hosts[index] is { } host)
            await host.DisposeAsync().ConfigureAwait(false);
        hosts[index] = null;
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < hosts.Count; i++)
            await StopAsync(i).ConfigureAwait(false);
        passphrases.ForEach(passphrase => passphrase.Dispose());
    }
}
