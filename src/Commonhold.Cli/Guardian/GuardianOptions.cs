using System.CommandLine;
using Commonhold.Cli.Keys;
using Commonhold.Cli.Voice;
using Commonhold.Ethereum;
using Commonhold.Guardians;
using Commonhold.Guardians.Chain;
using Commonhold.Guardians.Keys;
using Commonhold.Guardians.Release;

namespace Commonhold.Cli.Guardian;

/// <summary>The options of `commonhold guardian`, and what they mean together.</summary>
internal static class GuardianOptions
{
    public static Option<DirectoryInfo> Data { get; } = new("--data")
    {
        Description = "The guardian's own directory: key, log, caches.", HelpName = "DIR", Required = true,
    };

    public static Option<FileInfo?> PassphraseFile { get; } = new("--passphrase-file")
    {
        Description = "A file whose first line unseals the key (default: as for other keys, else a prompt).", HelpName = "FILE",
    };

    public static Option<string?> Dao { get; } = new("--dao")
    {
        Description = "The DAO's deed (default: $COMMONHOLD_DAO).", HelpName = "ADDRESS",
    };

    public static Option<uint> Epoch { get; } = new("--epoch")
    {
        Description = "The key epoch (default: the newest that the DAO has started).", HelpName = "N",
    };

    public static Option<string> Finality { get; } = new("--finality")
    {
        Description = "How final a block must be: finalized, safe, or depth:N.", HelpName = "RULE", DefaultValueFactory = _ => "finalized",
    };

    public static Option<uint> MaxChainAge { get; } = new("--max-chain-age")
    {
        Description = "Refuse when the newest block's time is this many seconds from our clock; 0 for a trial chain, whose time is moved by hand.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => (uint)ChainSettings.DefaultMaxChainAge.TotalSeconds,
    };

    public static Option<Uri> Listen { get; } = new("--listen")
    {
        Description = "Where to answer; port 0 takes a free one.", HelpName = "URL",
        CustomParser = GlobalOptions.Http, DefaultValueFactory = _ => new Uri("http://127.0.0.1:7431"),
    };

    public static Option<int> PerGrant { get; } = new("--per-grant")
    {
        Description = "Contributions a minute for one grant.", HelpName = "N", DefaultValueFactory = _ => new RateLimits().PerGrant,
    };

    public static Option<int> Total { get; } = new("--total")
    {
        Description = "Contributions a minute for all grants together.", HelpName = "N", DefaultValueFactory = _ => new RateLimits().Total,
    };

    public static Option<long> From { get; } = new("--from") { Description = "The first sequence number to print.", HelpName = "N" };

    public static string DirectoryOf(ParseResult parse) => parse.GetValue(Data)!.FullName;

    public static async Task<Passphrase> PassphraseAsync(ParseResult parse, bool isNew, CancellationToken cancellationToken) =>
        parse.GetValue(PassphraseFile) is { } file
            ? await Passphrase.ReadAsync(file.FullName, cancellationToken).ConfigureAwait(false)
            : Passphrase.Of(Passphrases.Ask(Path.Combine(DirectoryOf(parse), "guardian.age"), twice: isNew));

    public static GuardianSettings Settings(CliContext context, ParseResult parse)
    {
        var dao = parse.GetValue(Dao) ?? Environment.GetEnvironmentVariable("COMMONHOLD_DAO")
            ?? throw Usage("no DAO is given", "--dao 0x…");
        return new GuardianSettings
        {
            Directory = DirectoryOf(parse),
            Dao = Address.TryParse(dao, out var address) ? address : throw Usage($"'{dao}' is not a contract's address", "--dao 0x…"),
            Rpc = context.Rpc ?? throw Usage("a guardian needs its own chain node", "--rpc URL"),
            Node = context.Node,
            Chain = new ChainSettings(
                FinalityRule.TryParse(parse.GetValue(Finality)!) ?? throw Usage($"'{parse.GetValue(Finality)}' is no finality", "finalized, safe or depth:N"),
                parse.GetValue(MaxChainAge) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null),
            // Verbs without these options get the type's default, zero.
            Limits = new RateLimits(
                Positive(parse.GetValue(PerGrant), new RateLimits().PerGrant), Positive(parse.GetValue(Total), new RateLimits().Total)),
            Listen = parse.GetValue(Listen) ?? new Uri("http://127.0.0.1:7431"),
        };
    }

    private static int Positive(int given, int otherwise) => given > 0 ? given : otherwise;

    private static CommandFailedException Usage(string message, string hint) => new(message, hint, ExitCode.Usage);
}
