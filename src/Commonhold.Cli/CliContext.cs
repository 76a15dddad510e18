using System.CommandLine;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli;

/// <summary>What a verb gets from the command line and the environment, read once.</summary>
internal sealed record CliContext(
    CommonholdHome Home, Uri Node, Uri? Rpc, bool Json, TextWriter Output, TextWriter Error, TimeProvider Time)
{
    private static readonly JsonSerializerOptions JsonOptions = new(WireJson.Default.Options)
    {
        WriteIndented = true,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    /// <summary>Tables and progress for people. With `--json` it writes to standard error, so that standard output stays one document.</summary>
    public IAnsiConsole Console { get; } = Open(Json ? Error : Output);

    /// <summary>True when a node was named; otherwise the one that runs from this home is used.</summary>
    public bool IsNodeGiven { get; private init; }

    public static CliContext From(ParseResult parse) => new(
        CommonholdHome.Find(parse.GetValue(GlobalOptions.Home)?.FullName),
        parse.GetValue(GlobalOptions.Node) ?? FromEnvironment("COMMONHOLD_NODE") ?? new Uri(GlobalOptions.DefaultNode),
        parse.GetValue(GlobalOptions.Rpc) ?? FromEnvironment("COMMONHOLD_RPC"),
        parse.GetValue(GlobalOptions.Json),
        parse.InvocationConfiguration.Output,
        parse.InvocationConfiguration.Error,
        TimeProvider.System)
    {
        IsNodeGiven = parse.GetValue(GlobalOptions.Node) is not null || FromEnvironment("COMMONHOLD_NODE") is not null,
    };

    /// <summary>Prints the document with `--json`, otherwise lets the verb draw.</summary>
    public void Show<T>(T document, Action<IAnsiConsole> draw)
    {
        if (Json)
            Output.WriteLine(JsonSerializer.Serialize(document, JsonOptions));
        else
            draw(Console);
    }

    public EthereumNode ChainNode(HttpClient http, Uri rpc) => new(new JsonRpcClient(http, rpc, time: Time));

    // Into a file or a pipe: no colours, no progress bars, and lines as long as they are.
    private static IAnsiConsole Open(TextWriter writer)
    {
        var terminal = (writer == System.Console.Out && !System.Console.IsOutputRedirected) || (writer == System.Console.Error && !System.Console.IsErrorRedirected);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!terminal)
            console.Profile.Width = 200;
        return console;
    }

    private static Uri? FromEnvironment(string name) =>
        Uri.TryCreate(Environment.GetEnvironmentVariable(name), UriKind.Absolute, out var uri) ? uri : null;
}
