using System.CommandLine;

namespace Commonhold.Cli.Verbs;

/// <summary>A command with examples, which `--help` shows.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string description, params string[] examples) : base(name, description) => Examples = examples;

    public IReadOnlyList<string> Examples { get; }

    /// <summary>Runs <paramref name="body"/> with the global options already read.</summary>
    public Verb Runs(Func<CliContext, ParseResult, CancellationToken, Task<int>> body)
    {
        SetAction((parse, cancellationToken) => body(CliContext.From(parse), parse, cancellationToken));
        return this;
    }
}
