using System.CommandLine;
using Commonhold.Cli.Keys;
using Commonhold.Cli.Voice;
using Commonhold.Ethereum;
using Commonhold.Validator;
using Commonhold.Validator.Value.Reweighting;
using Commonhold.Validator.Ownership.Online;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold validator init|show|nullifier-key|serve|reweigh`: a validator as a process of its own.</summary>
internal static class ValidatorVerb
{
    private static readonly Option<FileInfo> Key = new("--key")
    {
        Description = "The validator's key file (default: validator/validator.age in the home directory).",
        HelpName = "FILE",
    };

    private static readonly Option<FileInfo> NullifierKey = new("--nullifier-key-file")
    {
        Description = "The nullifier key of the dataset's other validators; without it a new one is made, for the first validator.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Generate = new("--generate-passphrase")
    {
        Description = "Seal the key with a random passphrase that is kept beside it (owner-only): for trials and for servers.",
    };

    private static readonly Option<DirectoryInfo> State = new("--state")
    {
        Description = "Where it keeps what it has seen (default: validator in the home directory).",
        HelpName = "DIR",
    };

    private static readonly Option<Address?> Registry = new("--registry")
    {
        Description = "The ContributionRegistry it works for (default: the first one that its node names, for good).",
        HelpName = "ADDRESS",
        CustomParser = result => Address.TryParse(result.Tokens[0].Value, out var address) ? address : Fail(result),
    };

    private static readonly Option<string[]> Peers = new("--peer")
    {
        Description = "Another validator whose verdicts it signs batches for; may be given several times.",
        HelpName = "ADDRESS",
    };

    private static readonly Option<FileInfo?> Evidence = new("--evidence")
    {
        Description = "Which hosts it may ask for proofs of ownership (docs/evidence.md); without it the node is its only connection.",
        HelpName = "FILE",
    };

    public static Command Create() => new Verb("validator", "A validator: checks and values contributions, signs batches.")
    {
        new Verb("init", "Make a validator's key.", "commonhold validator init", "commonhold validator init --nullifier-key-file from-the-first.txt")
            { Key, NullifierKey, Generate }.Runs((context, parse, _) => Task.FromResult(Init(context, parse))),
        new Verb("show", "Show the public side of the key.", "commonhold validator show --json") { Key }
            .Runs((context, parse, _) =>
            {
                using var key = Open(context, parse);
                return Task.FromResult(Show(context, key, FileOf(context, parse)));
            }),
        new Verb("nullifier-key", "Print the key that all validators of the dataset share. It is a secret.", "commonhold validator nullifier-key > for-the-second.txt") { Key }
            .Runs((context, parse, _) =>
            {
                using var key = Open(context, parse);
                context.Output.WriteLine(key.ExportNullifierKey());
                return Task.FromResult(ExitCode.Ok);
            }),
        new Verb("serve", "Work for a node until stopped.", "commonhold validator serve --node https://dao.example.org", "commonhold validator serve --peer 0x…", "commonhold validator serve --evidence evidence.json")
            { Key, State, Registry, Peers, Evidence }.Runs(ServeAsync),
        new Verb("reweigh", "Value all clusters by what their texts are worth to the task, now instead of once a week, and write the report.", "commonhold validator reweigh")
            { Key, State }.Runs((context, parse, cancellationToken) =>
            {
                using var key = Open(context, parse);
                var directory = parse.GetValue(State)?.FullName ?? CommonholdHome.Private(context.Home.Validator);
                var report = WeeklyReweighting.RunIn(directory, key.NullifierKey, context.Time, cancellationToken);
                context.Show(new ReweighRow(report), console => console.WriteLine(report));
                return Task.FromResult(ExitCode.Ok);
            }),
    };

    private static int Init(CliContext context, ParseResult parse)
    {
        var file = FileOf(context, parse);
        if (File.Exists(file))
            throw new CommandFailedException($"{file} exists already", "keys are never overwritten: choose another file");
        CommonholdHome.Private(Path.GetDirectoryName(file)!);
        using var key = ValidatorKey.Generate(parse.GetValue(NullifierKey) is { } shared ? Read(shared.FullName) : null);
        if (parse.GetValue(Generate))
            key.Save(file, Passphrases.Generated(file), Passphrases.WorkFactorOfGenerated);
        else
            key.Save(file, Passphrases.Ask(file, twice: true));
        return Show(context, key, file);
    }

    private static async Task<int> ServeAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        var peers = (parse.GetValue(Peers) ?? []).Select(text => Address.TryParse(text, out var address)
            ? address
            : throw new CommandFailedException($"'{text}' is not an address", exitCode: ExitCode.Usage)).ToArray();
        using var key = Open(context, parse);
        using var logs = LoggerFactory.Create(builder => builder.AddSimpleConsole(options => options.SingleLine = true));
        var options = new ValidatorOptions
        {
            StateDirectory = parse.GetValue(State)?.FullName ?? CommonholdHome.Private(context.Home.Validator),
            Registry = parse.GetValue(Registry),
            Peers = peers,
            Evidence = parse.GetValue(Evidence) is { } hosts ? EvidenceOptions.Load(hosts.FullName) : EvidenceOptions.Off,
        };
        if (options.Evidence.Hosts.Count > 0)
            context.Error.WriteLine($"it goes out to {string.Join(", ", options.Evidence.Hosts)}, as far as the dataset's policy asks for it");
        context.Error.WriteLine($"validator {key.Address} works for {context.Node}; stop it with Ctrl-C");
        await ValidatorHost.RunAsync(context.Node, key, options, logs, context.Time, cancellationToken);
        return ExitCode.Ok;
    }

    private static int Show(CliContext context, ValidatorKey key, string file)
    {
        var row = new ValidatorRow(key.Address.ToString(), key.Identity.Recipient.ToString(), file);
        context.Show(row, console =>
        {
            console.WriteLine($"account    {row.Account}");
            console.WriteLine($"recipient  {row.Recipient}");
            console.WriteLine($"file       {row.File}");
        });
        return ExitCode.Ok;
    }

    private static ValidatorKey Open(CliContext context, ParseResult parse)
    {
        var file = FileOf(context, parse);
        if (!File.Exists(file))
            throw new CommandFailedException($"there is no validator's key at {file}", "commonhold validator init");
        return ValidatorKey.Load(file, Passphrases.Ask(file));
    }

    private static string FileOf(CliContext context, ParseResult parse) =>
        parse.GetValue(Key)?.FullName ?? Path.Combine(context.Home.Validator, "validator.age");

    private static string Read(string file)
    {
        var text = File.ReadAllText(file).Trim();
        return Hex.TryDecode(text, out var bytes) && bytes.Length == 32
            ? text
            : throw new CommandFailedException($"{file} does not hold a nullifier key", "commonhold validator nullifier-key, on the first validator");
    }

    private static Address? Fail(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"'{result.Tokens[0].Value}' is not an address");
        return null;
    }

    private sealed record ReweighRow(string Report);

    private sealed record ValidatorRow(string Account, string Recipient, string File);
}
