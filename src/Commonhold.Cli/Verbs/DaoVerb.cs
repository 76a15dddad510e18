using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Text;
using Commonhold.Cli.Creation;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold dao create|show`.</summary>
internal static class DaoVerb
{
    private static readonly Option<FileInfo?> SettingsFile = new("--settings") { Description = "All settings from one file, as the page 'Create a DAO' writes it; with it no other setting is given.", HelpName = "FILE" };
    private static readonly Option<string?> Name = new("--name") { Description = "The DAO's name (needed without --settings)." };
    private static readonly Option<string> Symbol = new("--symbol") { Description = "The token's symbol.", DefaultValueFactory = _ => "DATA" };
    private static readonly Option<string> SchemaName = new("--schema") { Description = "The kind of data.", DefaultValueFactory = _ => Schema.RedditExport };
    private static readonly Option<string[]> Guardian = new("--guardian") { Description = "A guardian's account; once for each." };
    private static readonly Option<string[]> Validator = new("--validator") { Description = "A validator's account; once for each." };
    private static readonly Option<uint> Threshold = new("--threshold") { Description = "How many guardians open a file (default: more than half)." };
    private static readonly Option<uint> Signatures = new("--signatures") { Description = "How many validators sign a batch (default: more than half)." };
    private static readonly Option<bool> Trial = new("--trial") { Description = "Votes in seconds to minutes instead of days; everything that shows the DAO says so." };
    private static readonly Option<string?> Founder = new("--founder") { Description = "A founder's share nobody earned, as ACCOUNT:TOKENS. Off by default; shown to everyone.", HelpName = "ACCOUNT:TOKENS" };
    private static readonly Option<FileInfo?> Policy = new("--policy") { Description = "What is asked of a contribution and how evidence weighs (default: what 'dao policy' prints).", HelpName = "FILE" };
    private static readonly Option<string?> Refund = new("--refund") { Description = "Where left-over gas money goes (default: the DAO's timelock).", HelpName = "ACCOUNT" };

    public static Command Create() => new Verb("dao", "Create a DAO, or show who holds which power over one.")
    {
        new Verb("create", "Deploy a DAO's contracts. Started again after a failure it goes on where it stopped.",
            "commonhold --rpc https://rpc.example dao create --name 'Reddit commons' --guardian 0x… --guardian 0x… --guardian 0x… --validator 0x…", "commonhold --rpc https://rpc.example dao create --settings my-dao.json")
        {
            SettingsFile, Name, Symbol, SchemaName, Guardian, Validator, Threshold, Signatures, Trial, Founder, Policy, Refund,
        }.Runs(CreateAsync),
        new Verb("policy", "Print the policy of the DAO, or the one that a new DAO would have.", "commonhold dao policy > policy.json", "commonhold dao policy --trial")
        {
            SchemaName, Trial,
        }.Runs(PolicyAsync),
        new Verb("show", "Show the DAO's contracts, rules, code and every role and owner, read from the chain.", "commonhold dao show", "commonhold dao show --json")
            .Runs(ShowAsync),
    };

    private static async Task<int> CreateAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        if (File.Exists(context.Home.DaoFile))
            throw new CommandFailedException($"{context.Home.DaoFile} names a DAO already", "another DAO needs another home: --home DIR");
        if (parse.GetValue(SettingsFile) is null && ((Option[])[Name, Guardian, Validator]).FirstOrDefault(option => parse.GetResult(option) is null) is { } missing)
            throw new CommandFailedException($"{missing.Name} is needed", "or give all settings at once: --settings FILE", ExitCode.Usage);
        using var http = new HttpClient();
        var node = context.ChainNode(http, context.Rpc ?? throw new CommandFailedException("no chain node is given", "--rpc URL", ExitCode.Usage));
        var desk = new CreationDesk(context.Home, node, context.Time);
        var journal = desk.Unfinished ?? await desk.BeginAsync(Settings(parse), Account(parse.GetValue(Refund), "--refund"), cancellationToken).ConfigureAwait(false);
        var dao = await desk.FinishAsync(
            journal, (_, _) => Task.FromResult(false), new Standing(context), cancellationToken).ConfigureAwait(false);
        context.Show(dao, console =>
        {
            console.MarkupLineInterpolated($"[green]{dao.Settings.Name}[/] is created: deed {dao.Contracts.Dao} on chain {dao.ChainId}.");
            console.MarkupLine("Its creation key is destroyed. Look at every power over it: [bold]commonhold dao show[/]");
        });
        return ExitCode.Ok;
    }

    private static async Task<int> ShowAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        var dao = await DaoFile.ReadAsync(context.Home.DaoFile, cancellationToken).ConfigureAwait(false);
        using var http = new HttpClient();
        var node = context.ChainNode(http, context.Rpc ?? await Embedded.NodeFile.RpcAsync(context.Home, cancellationToken).ConfigureAwait(false));
        var powers = await DaoInspection.ReadAsync(node, dao.Contracts, dao.FirstBlock, cancellationToken).ConfigureAwait(false);
        var code = await DaoCode.ReadAsync(node, dao, cancellationToken).ConfigureAwait(false);
        var report = new DaoReport(
            dao.Settings.Name, dao.Settings.Trial, dao.ChainId, dao.Contracts, dao.Settings, powers, powers.All(p => p.Expected), code, code.All(c => c.IsGood));
        context.Show(report, console => DaoPicture.Draw(console, report));
        return report.NobodyAboveTheVote && report.CodeIsPublished ? ExitCode.Ok : ExitCode.Failed;
    }

    private static DaoSettings Settings(ParseResult parse)
    {
        if (parse.GetValue(SettingsFile) is { } all)
            return parse.GetResult(Name) is null && parse.GetResult(Guardian) is null && parse.GetResult(Validator) is null
                ? DaoSettingsFile.Read(Bytes(all)).TryGet(out var read, out var refusal) ? read : throw new CommandFailedException(refusal)
                : throw new CommandFailedException("--settings decides everything", "leave --name, --guardian and --validator away", ExitCode.Usage);
        var guardians = parse.GetValue(Guardian)!.Select(a => Account(a, "--guardian")!.Value).ToArray();
        var validators = parse.GetValue(Validator)!.Select(a => Account(a, "--validator")!.Value).ToArray();
        var trial = parse.GetValue(Trial);
        var settings = new DaoSettings(
            parse.GetValue(Name)!, parse.GetValue(Symbol)!, parse.GetValue(SchemaName)!, guardians, Majority(parse.GetValue(Threshold), guardians.Length),
            validators, Majority(parse.GetValue(Signatures), validators.Length))
        {
            Trial = trial,
            Rules = trial ? GovernanceRules.Trial : GovernanceRules.Standard,
            Founder = FounderShare(parse.GetValue(Founder)),
        };
        return parse.GetValue(Policy) is { } file ? settings with { Policy = PolicyFile.Read(file) } : settings with { Policy = settings.Policy };
    }

    private static async Task<int> PolicyAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        // With a home that has a DAO, what its node shows, proved by the digest that it names; else what a new DAO would begin with.
        byte[] json = (parse.GetValue(Trial) ? ContributionPolicy.Trial(parse.GetValue(SchemaName)!) : ContributionPolicy.Standard(parse.GetValue(SchemaName)!)).ToJsonBytes();
        if (File.Exists(context.Home.DaoFile))
        {
            using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
            json = (await session.Node.GetPolicyAsync(session.Dao.Dataset.PolicyDigest, cancellationToken).ConfigureAwait(false)).ToJsonBytes();
        }

        context.Output.WriteLine(Encoding.UTF8.GetString(json).TrimEnd());
        return ExitCode.Ok;
    }

    private static byte[] Bytes(FileInfo file) => file switch
    {
        { Exists: false } => throw new CommandFailedException($"there is no file {file.FullName}", exitCode: ExitCode.Usage),
        { Length: > DaoSettingsFile.MaxBytes } => throw new CommandFailedException($"{file.FullName} is longer than any settings", exitCode: ExitCode.Usage),
        _ => File.ReadAllBytes(file.FullName),
    };

    private static uint Majority(uint given, int count) => given != 0 ? given : (uint)((count / 2) + 1);

    private static FounderShare? FounderShare(string? text)
    {
        if (text is null)
            return null;
        var parts = text.Split(':');
        if (parts.Length != 2 || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var tokens))
            throw new CommandFailedException($"'{text}' is not ACCOUNT:TOKENS", "for example --founder 0x…:1000", ExitCode.Usage);
        return new FounderShare(Account(parts[0], "--founder")!.Value, new Wei(tokens * BigInteger.Pow(10, 18)));
    }

    private static Address? Account(string? text, string option) => text is null
        ? null
        : Address.TryParse(text, out var address)
            ? address
            : throw new CommandFailedException($"'{text}' is not an account", $"{option} takes 0x and 40 digits; mixed case must carry a right checksum", ExitCode.Usage);

    private sealed class Standing(CliContext context) : IProgress<Deployment>
    {
        public void Report(Deployment value) => context.Error.WriteLine($"{value.Contract,-22} {value.Address}");
    }
}

/// <summary>What `dao show` prints.</summary>
/// <param name="NobodyAboveTheVote">True when every role and owner is the one that it must be.</param>
/// <param name="CodeIsPublished">True when every contract has the published code, and no creating transaction that was found carried anything else.</param>
internal sealed record DaoReport(
    string Name, bool Trial, ulong ChainId, DaoContracts Contracts, DaoSettings Settings, IReadOnlyList<HeldPower> Powers, bool NobodyAboveTheVote,
    IReadOnlyList<StandingCode> Code, bool CodeIsPublished);
