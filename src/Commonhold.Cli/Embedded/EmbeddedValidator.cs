using Commonhold.Cli.Keys;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Validator;
using Microsoft.Extensions.Logging;

namespace Commonhold.Cli.Embedded;

/// <summary>The validator of an embedded node: the same class that runs as a process of its own, with its own key and state.</summary>
internal sealed class EmbeddedValidator : IAsyncDisposable
{
    private readonly EmbeddedOptions options;
    private readonly ValidatorKey key;
    private readonly ILoggerFactory logs;
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    private EmbeddedValidator(EmbeddedOptions options, ValidatorKey key)
    {
        this.options = options;
        this.key = key;
        logs = LoggerFactory.Create(log =>
        {
            if (options.Log)
                log.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        });
    }

    public Address Account => key.Address;

    /// <summary>Opens the validator's key, or makes it at the first start.</summary>
    public static EmbeddedValidator Open(EmbeddedOptions options)
    {
        var file = Path.Combine(CommonholdHome.Private(options.Home.Roles), "validator.age");
        var passphrase = Passphrases.Generated(file);
        if (File.Exists(file))
            return new EmbeddedValidator(options, ValidatorKey.Load(file, passphrase));
        var key = ValidatorKey.Generate();
        key.Save(file, passphrase, Passphrases.WorkFactorOfGenerated);
        return new EmbeddedValidator(options, key);
    }

    public void Start(DaoFile dao, Uri node) => running = ValidatorHost.RunAsync(
        node, key, new ValidatorOptions
        {
            StateDirectory = CommonholdHome.Private(options.Home.Validator),
            Registry = dao.Contracts.Registry,
            Evidence = options.Evidence,
        },
        logs, options.Time, stopping.Token);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        key.Dispose();
        logs.Dispose();
        stopping.Dispose();
    }
}
