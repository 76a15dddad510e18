using System.CommandLine;
using Commonhold.Cli.Verbs;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Guardians;
using Commonhold.Guardians.Ceremony;
using Commonhold.Guardians.Hosting;
using Commonhold.Guardians.Keys;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Commonhold.Cli.Guardian;

/// <summary>`commonhold guardian init|dkg|serve|log`: one guardian, its own process, key, log and view of the chain.</summary>
internal static class GuardianCommand
{
    public static Command Create() => new Verb(
        "guardian", "Hold one share of a dataset's key, and answer for grants that the chain shows.")
    {
        new Verb(
            "init", "Make a guardian's directory and key; prints the account that the DAO names as its guardian.",
            "commonhold guardian init --data ./guardian --passphrase-file ./secret")
        {
            GuardianOptions.Data, GuardianOptions.PassphraseFile,
        }.Runs(InitAsync),
        new Verb(
            "dkg", "Take part in the key ceremony, through the node as a relay, up to this guardian's own transaction. Can be run again at any time.",
            "commonhold guardian dkg --data ./guardian --dao 0x… --rpc https://rpc.example --node https://node.example")
        {
            GuardianOptions.Data, GuardianOptions.PassphraseFile, GuardianOptions.Dao, GuardianOptions.Epoch, GuardianOptions.Finality,
            GuardianOptions.MaxChainAge,
        }.Runs(CeremonyAsync),
        new Verb(
            "serve", "Answer release requests over HTTP.",
            "commonhold guardian serve --data ./guardian --dao 0x… --rpc https://rpc.example --node https://node.example --listen http://127.0.0.1:7431")
        {
            GuardianOptions.Data, GuardianOptions.PassphraseFile, GuardianOptions.Dao, GuardianOptions.Finality, GuardianOptions.MaxChainAge,
            GuardianOptions.Listen, GuardianOptions.PerGrant, GuardianOptions.Total,
        }.Runs(ServeAsync),
        new Verb("log", "Verify this guardian's release log and print its lines.", "commonhold guardian log --data ./guardian --from 100")
        {
            GuardianOptions.Data, GuardianOptions.From,
        }.Runs(LogAsync),
    };

    private static async Task<int> InitAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        var directory = GuardianOptions.DirectoryOf(parse);
        using var passphrase = await GuardianOptions.PassphraseAsync(parse, isNew: true, cancellationToken).ConfigureAwait(false);
        var (account, recipient) = await GuardianRuntime.InitializeAsync(directory, passphrase, cancellationToken).ConfigureAwait(false);
        context.Show(new { account = account.ToString(), recipient, directory }, console =>
        {
            console.WriteLine($"account    {account}");
            console.WriteLine($"recipient  {recipient}");
            console.WriteLine($"directory  {directory}");
            console.WriteLine("Name the account as a guardian when the DAO is created, or by vote. Back the directory up; nobody can restore it for you.");
        });
        return ExitCode.Ok;
    }

    private static async Task<int> CeremonyAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        using var passphrase = await GuardianOptions.PassphraseAsync(parse, isNew: false, cancellationToken).ConfigureAwait(false);
        var settings = GuardianOptions.Settings(context, parse);
        await using var runtime = await GuardianRuntime.OpenAsync(
            settings, passphrase, NullLoggerFactory.Instance, context.Time, cancellationToken).ConfigureAwait(false);
        var epoch = parse.GetValue(GuardianOptions.Epoch) is { } given and not 0
            ? given
            : await runtime.Epochs.LatestAsync(cancellationToken).ConfigureAwait(false);
        var share = await runtime.Ceremony.RunAsync(epoch, new Narrator(context), cancellationToken).ConfigureAwait(false);
        var key = share.Key;
        context.Show(
            new { epoch, guardian = share.Index, threshold = key.Threshold, guardians = key.Guardians, recipient = key.Recipient.ToString() },
            console => console.WriteLine(
                $"Guardian {share.Index} confirmed the key of epoch {epoch} ({key.Threshold} of {key.Guardians}): {key.Recipient}"));
        return ExitCode.Ok;
    }

    private static async Task<int> ServeAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        using var passphrase = await GuardianOptions.PassphraseAsync(parse, isNew: false, cancellationToken).ConfigureAwait(false);
        await using var host = await GuardianHost.StartAsync(
            GuardianOptions.Settings(context, parse), passphrase, context.Time, cancellationToken,
            logging => logging.AddJsonConsole().SetMinimumLevel(LogLevel.Information)
                .AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning)).ConfigureAwait(false);
        context.Error.WriteLine($"guardian {host.Runtime.Keys.Account.Address} answers at {host.Address}");
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Ok;
    }

    private static async Task<int> LogAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        var path = Path.Combine(GuardianOptions.DirectoryOf(parse), "releases.jsonl");
        var from = parse.GetValue(GuardianOptions.From);
        ReleaseLogVerifier verifier = new();
        try
        {
            await foreach (var line in File.ReadLinesAsync(path, cancellationToken).ConfigureAwait(false))
            {
                var entry = verifier.Accept(System.Text.Encoding.UTF8.GetBytes(line));
                if (entry.Sequence >= from)
                    context.Output.WriteLine(line);
            }
        }
        catch (FormatException e)
        {
            throw new CommandFailedException($"{path}: {e.Message}", "lines up to that one are whole; compare with a backup");
        }

        context.Error.WriteLine($"{verifier.Count} releases, whole; head {verifier.Head}");
        return ExitCode.Ok;
    }

    private sealed class Narrator(CliContext context) : IProgress<CeremonyProgress>
    {
        private string _last = "";

        public void Report(CeremonyProgress value)
        {
            var line = $"round {value.Round}: waiting for guardian {string.Join(", ", value.Missing)}";
            if (line != _last)
                context.Error.WriteLine(line);
            _last = line;
        }
    }
}
