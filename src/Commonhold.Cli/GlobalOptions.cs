using System.CommandLine;

namespace Commonhold.Cli;

/// <summary>The options that every verb understands.</summary>
internal static class GlobalOptions
{
    public const string DefaultNode = "http://127.0.0.1:7420";

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document for programs instead of tables for people.",
        Recursive = true,
    };

    public static Option<DirectoryInfo> Home { get; } = new("--home")
    {
        Description = "Where keys and the embedded node's data live (default: $COMMONHOLD_HOME, $XDG_DATA_HOME/commonhold, ~/.commonhold).",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Option<Uri> Node { get; } = new("--node")
    {
        Description = $"The node to talk to (default: $COMMONHOLD_NODE, else {DefaultNode}).",
        HelpName = "URL",
        Recursive = true,
        CustomParser = result => Http(result),
    };

    public static Option<Uri> Rpc { get; } = new("--rpc")
    {
        Description = "A chain node's JSON-RPC address (default: $COMMONHOLD_RPC, else what the node names).",
        HelpName = "URL",
        Recursive = true,
        CustomParser = result => Http(result),
    };

    internal static Uri? Http(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return uri;
        result.AddError($"'{text}' is not an http or https address");
        return null;
    }
}
