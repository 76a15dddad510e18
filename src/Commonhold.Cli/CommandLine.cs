using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Commonhold.Cli.Verbs;
using Commonhold.Cli.Voice;

namespace Commonhold.Cli;

/// <summary>The `commonhold` command: parses, runs one verb, and turns whatever happened into one sentence and an exit code.</summary>
/// <remarks>Nothing secret is ever an argument: keys are files, passphrases come from a file, the environment or a prompt.
/// Results go to standard output (tables, or JSON with `--json`), everything else to standard error.</remarks>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var parse = Build().Parse(args);
        if (parse.Action is ParseErrorAction)
            return Complaint.Write(error, Usage(parse));

        // SIGINT and SIGTERM cancel the verb; it has this long to put things in order before the runtime ends it.
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        };
        try
        {
            return await parse.InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (Exception e) when (Complaint.From(e) is { } complaint)
        {
            return Complaint.Write(error, complaint);
        }
    }

    internal static RootCommand Build()
    {
        var root = new RootCommand("Commonhold: people pool data that they own, govern it by vote, and are paid when it is used.")
        {
            GlobalOptions.Json,
            GlobalOptions.Home,
            GlobalOptions.Node,
            GlobalOptions.Rpc,
        };
        foreach (var verb in VerbList.All())
            root.Add(verb);

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static Complaint Usage(ParseResult parse)
    {
        var path = string.Join(' ', PathOf(parse.CommandResult).Reverse());
        // A mistyped verb is also a missing one; what was typed says more.
        var message = parse.UnmatchedTokens.Count > 0
            ? $"'{parse.UnmatchedTokens[0]}' was not understood"
            : (parse.Errors.FirstOrDefault(e => e.SymbolResult is not System.CommandLine.Parsing.CommandResult) ?? parse.Errors[0]).Message;
        return new Complaint(ExitCode.Usage, message.TrimEnd('.'), $"{path} --help");
    }

    private static IEnumerable<string> PathOf(System.CommandLine.Parsing.SymbolResult? result)
    {
        for (; result is System.CommandLine.Parsing.CommandResult command; result = result.Parent)
            yield return command.Command is RootCommand ? "commonhold" : command.Command.Name;
    }
}
