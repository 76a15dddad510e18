using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians.Ceremony;
using Commonhold.Guardians.Chain;
using Commonhold.Guardians.Keys;
using Commonhold.Guardians.Log;
using Commonhold.Guardians.Release;

namespace Commonhold.Guardians;

/// <summary>One guardian put together from its settings: holds its directory, keys, log and connections until disposed.</summary>
internal sealed class GuardianRuntime : IAsyncDisposable
{
    private readonly List<IDisposable> _parts = [];
    private ReleaseLog? _log;

    private GuardianRuntime()
    {
    }

    public GuardianKeys Keys { get; private set; } = null!;

    public Guardian Guardian { get; private set; } = null!;

    public KeyCeremonyRunner Ceremony { get; private set; } = null!;

    public EpochChain Epochs { get; private set; } = null!;

    /// <summary>Makes a new guardian's directory and key file.</summary>
    /// <exception cref="GuardianException">There is a key already: it would be lost.</exception>
    public static async Task<(Address Account, string Recipient)> InitializeAsync(
        string directory, Passphrase passphrase, CancellationToken cancellationToken, int workFactor = Age.ScryptRecipient.DefaultWorkFactor)
    {
        using var held = GuardianDirectory.Open(directory);
        if (File.Exists(held.KeyFile))
            throw new GuardianException(
                ReleaseCodes.KeyFileInvalid, $"{held.KeyFile} exists already.", "Another guardian needs another directory: --data DIR");
        using var keys = GuardianKeys.Generate();
        await GuardianKeyFile.SaveAsync(held.KeyFile, keys, passphrase, cancellationToken, workFactor);
        return (keys.Account.Address, keys.Identity.Recipient.ToString());
    }

    /// <param name="passphrase">Stays the caller's, and must outlive the runtime.</param>
    /// <exception cref="GuardianException">Key, log, directory or chain are not as they must be.</exception>
    public static async Task<GuardianRuntime> OpenAsync(
        GuardianSettings settings, Passphrase passphrase, ILoggerFactory logging, TimeProvider time, CancellationToken cancellationToken)
    {
        GuardianRuntime runtime = new();
        try
        {
            await runtime.BuildAsync(settings, passphrase, logging, time, cancellationToken);
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_log is not null)
            await _log.DisposeAsync();
        for (var i = _parts.Count - 1; i >= 0; i--)
            _parts[i].Dispose();
    }

    private async Task BuildAsync(
        GuardianSettings settings, Passphrase passphrase, ILoggerFactory logging, TimeProvider time, CancellationToken cancellationToken)
    {
        var directory = Own(GuardianDirectory.Open(settings.Directory));
        Keys = Own(await GuardianKeyFile.OpenAsync(directory.KeyFile, passphrase, cancellationToken));
        _log = await ReleaseLog.OpenAsync(directory.LogFile, cancellationToken);

        // Short and few: a caller waits, and other guardians can answer.
        JsonRpcClient json = new(
            Own(NodeClient.CreateHttp(settings.Rpc)), settings.Rpc,
            new JsonRpcOptions { Timeout = TimeSpan.FromSeconds(5), MaxAttempts = 2 }, time);
        NodeClient node = new(
            Own(NodeClient.CreateHttp(settings.Node)), new HttpLimits { Attempts = 2, RequestTimeout = TimeSpan.FromSeconds(20) }, time);
        ChainRpc rpc = new(json);
        var dao = await DaoReference.ReadAsync(rpc, settings.Dao, cancellationToken);
        var memory = Own(await ChainMemory.OpenAsync(directory.ChainFile, cancellationToken));
        PinnedChain chain = new(rpc, dao, settings.Chain, memory, time);

        var index = Own(new ShareIndex(new ManifestStore(node, dao, directory.BatchesDirectory)));
        Guardian = new Guardian(Keys, chain, index, new RateLimiter(settings.Limits, time), _log, time);
        Epochs = new EpochChain(
            chain, rpc, new EthereumNode(json), new TransactionSenderOptions { PollInterval = settings.PollInterval }, time);
        Ceremony = new KeyCeremonyRunner(
            Keys, new GuardianKeyStore(directory, passphrase), node, Epochs, time, logging.CreateLogger<KeyCeremonyRunner>())
        {
            PollInterval = settings.PollInterval,
        };
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }
}
