using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Commonhold.Cli.Keys;
using Commonhold.Cli.Verbs;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;

namespace Commonhold.Cli.Node;

/// <summary>`commonhold node serve`: the node alone, for a machine of its own; `commonhold up` composes it with everything else.</summary>
internal static class NodeCommand
{
    private static readonly Option<FileInfo> DaoFile = new("--dao-file") { Description = "The DAO's file, as 'dao create' wrote it (default: dao.json in the home directory).", HelpName = "FILE" };

    private static readonly Option<DirectoryInfo> Data = new("--data") { Description = "Database, blobs and lock (default: node in the home directory).", HelpName = "DIR" };

    private static readonly Option<IPEndPoint> Listen = new("--listen")
    {
        Description = "Address and port; anything but loopback is open to the network.",
        HelpName = "IP:PORT",
        DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 7420),
        CustomParser = result =>
        {
            if (IPEndPoint.TryParse(result.Tokens[0].Value, out var endPoint))
                return endPoint;
            result.AddError($"'{result.Tokens[0].Value}' is not IP:PORT");
            return null;
        },
    };

    private static readonly Option<FileInfo> Relayer = new("--relayer-key") { Description = "Sealed key that pays gas for members; without it the node relays nothing.", HelpName = "FILE" };

    private static readonly Option<Uri[]> Guardians = new("--guardian") { Description = "Where a guardian answers, in the order of the registry; may stand several times.", HelpName = "URL", DefaultValueFactory = _ => [] };

    private static readonly Option<Uri> PublicUrl = Url("--public-url", "The URL that people use when a proxy stands in front, e.g. https://data.example.");

    private static readonly Option<Uri> PublicRpc = Url("--public-rpc", "The chain endpoint that people's browsers read, to check what the node says.");

    private static readonly Option<string[]> HostNames = new("--host-name") { Description = "A further name that programs may call the node by; may stand several times.", HelpName = "NAME", DefaultValueFactory = _ => [] };

    private static readonly Option<Address[]> Currencies = new("--currency")
    {
        Description = "A currency's contract that counts as money here before a vote has let one in; may stand several times.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.Select(token => Address.TryParse(token.Value, out var address) ? address : Refuse(result, token.Value))],
    };

    private static readonly Option<int> BatchSize = new("--batch-size") { Description = "A batch is made when so many contributions wait.", DefaultValueFactory = _ => new BatchingOptions().MaxCount };

    private static readonly Option<int> BatchSeconds = new("--batch-seconds") { Description = "… or when the oldest has waited so long.", DefaultValueFactory = _ => (int)new BatchingOptions().MaxAge.TotalSeconds };

    private static readonly Option<int> PollMilliseconds = new("--poll-milliseconds") { Description = "How often the chain is asked for news.", DefaultValueFactory = _ => (int)new IndexingOptions().PollInterval.TotalMilliseconds };

    public static Command Create() => new Verb("node", "The node: storage, index and HTTP interface of one DAO.")
    {
        new Verb("serve", "Run a node until Ctrl-C.", "commonhold node serve --rpc http://127.0.0.1:8545 --relayer-key relayer.age", "commonhold node serve --listen 0.0.0.0:7420 --data /var/lib/commonhold")
            { DaoFile, Data, Listen, Relayer, Guardians, PublicUrl, PublicRpc, HostNames, Currencies, BatchSize, BatchSeconds, PollMilliseconds }.Runs(ServeAsync),
    };

    private static Option<Uri> Url(string name, string description) => new(name) { Description = description, HelpName = "URL", CustomParser = GlobalOptions.Http };

    private static Address Refuse(ArgumentResult result, string text)
    {
        result.AddError($"'{text}' is not an address: 0x and 40 digits, with a right checksum");
        return default;
    }

    private static async Task<int> ServeAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        var rpc = context.Rpc ?? throw new CommandFailedException("no chain node is given", "--rpc URL", ExitCode.Usage);
        var dao = await Client.DaoFile.ReadAsync(parse.GetValue(DaoFile)?.FullName ?? context.Home.DaoFile, cancellationToken);
        using var relayer = parse.GetValue(Relayer) is { } file ? MemberKey.Load(file.FullName, Passphrases.Ask(file.FullName)) : null;
        var options = new NodeOptions
        {
            DataDirectory = parse.GetValue(Data)?.FullName ?? context.Home.Node,
            Rpc = rpc,
            Dao = dao.Contracts.Dao,
            Name = dao.Settings.Name,
            SchemaName = dao.Settings.SchemaName,
            Policies = [dao.Settings.Policy],
            DeployBlock = (long)dao.FirstBlock,
            Listen = parse.GetValue(Listen)!,
            GuardianUrls = parse.GetValue(Guardians)!,
            PublicUrl = parse.GetValue(PublicUrl),
            PublicRpc = parse.GetValue(PublicRpc),
            HostNames = parse.GetValue(HostNames)!,
            Currencies = parse.GetValue(Currencies)!,
            Trial = dao.Settings.Trial ? new TrialOptions { Currency = dao.TrialCurrency } : null,
            Batching = new BatchingOptions { MaxCount = parse.GetValue(BatchSize), MaxAge = TimeSpan.FromSeconds(parse.GetValue(BatchSeconds)) },
            Indexing = new IndexingOptions { PollInterval = TimeSpan.FromMilliseconds(parse.GetValue(PollMilliseconds)) },
        };
        try
        {
            await using var node = await NodeHost.BuildAsync(options, relayer?.Account, cancellationToken);
            await node.StartAsync(cancellationToken);
            context.Error.WriteLine($"The node of {dao.Settings.Name} answers at {node.Urls.First()}");
            // Ctrl-C and SIGTERM come as the token, or as the host's own end.
            using var end = cancellationToken.Register(node.Lifetime.StopApplication);
            await Microsoft.Extensions.Hosting.HostingAbstractionsHostExtensions.WaitForShutdownAsync(node, CancellationToken.None);
            return ExitCode.Ok;
        }
        catch (NodeAlreadyRunningException)
        {
            throw new CommandFailedException($"another node runs on {options.DataDirectory} already", "stop it first, or give --data another directory");
        }
    }
}
