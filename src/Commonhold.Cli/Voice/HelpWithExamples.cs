using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Commonhold.Cli.Verbs;

namespace Commonhold.Cli.Voice;

/// <summary>The usual help, then the verb's examples; on the root, what the exit codes mean.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var exit = inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is Verb { Examples.Count: > 0 } verb)
        {
            output.WriteLine(verb.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (var example in verb.Examples)
                output.WriteLine($"  {example}");
        }
        else if (parseResult.CommandResult.Command is RootCommand)
        {
            output.WriteLine("Example:");
            output.WriteLine("  commonhold up");
            output.WriteLine();
            output.WriteLine("Exit codes: 0 done, 1 failed, 2 not understood, 3 refused, 4 unreachable (try again), 130 interrupted.");
        }

        return exit;
    }
}
