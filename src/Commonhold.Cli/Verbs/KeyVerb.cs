using System.CommandLine;
using Commonhold.Cli.Keys;
using Commonhold.Client;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold key new|show`.</summary>
internal static class KeyVerb
{
    private static readonly Argument<string> Name = new("NAME")
    {
        Description = "Name of the key file in the home directory.",
        DefaultValueFactory = _ => KeyRing.DefaultName,
    };

    private static readonly Option<bool> Generate = new("--generate-passphrase")
    {
        Description = "Seal it with a random passphrase that is kept beside it (owner-only): for trials and for servers.",
    };

    public static Command Create() => new Verb("key", "Keys: an account that signs and an age identity that reads, in one sealed file.")
    {
        new Verb("new", "Make a key.", "commonhold key new", "commonhold key new buyer --generate-passphrase") { Name, Generate }
            .Runs((context, parse, _) =>
            {
                using var key = new KeyRing(context.Home.Keys).Create(parse.GetValue(Name)!, parse.GetValue(Generate));
                return Task.FromResult(Show(context, [Describe(context, parse.GetValue(Name)!, key)]));
            }),
        new Verb("show", "Show the public side of a key, or of all of them.", "commonhold key show", "commonhold key show buyer --json") { OptionalName }
            .Runs((context, parse, _) =>
            {
                var ring = new KeyRing(context.Home.Keys);
                var names = parse.GetValue(OptionalName) is { } name ? [name] : ring.Names().ToArray();
                var rows = new List<KeyRow>();
                foreach (var each in names)
                {
                    using var key = ring.Open(each);
                    rows.Add(Describe(context, each, key));
                }

                return Task.FromResult(Show(context, rows));
            }),
    };

    private static readonly Argument<string?> OptionalName = new("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "One key only." };

    private static KeyRow Describe(CliContext context, string name, MemberKey key) =>
        new(name, key.Address.ToString(), key.Recipient.ToString(), new KeyRing(context.Home.Keys).FileOf(name));

    private static int Show(CliContext context, IReadOnlyList<KeyRow> rows)
    {
        context.Show(rows, console =>
        {
            if (rows.Count == 0)
                console.MarkupLine("No keys yet. Make one: [bold]commonhold key new[/]");
            foreach (var row in rows)
            {
                console.MarkupLineInterpolated($"[bold]{row.Name}[/]");
                console.WriteLine($"  account    {row.Account}");
                console.WriteLine($"  recipient  {row.Recipient}");
                console.WriteLine($"  file       {row.File}");
            }
        });
        return ExitCode.Ok;
    }

    private sealed record KeyRow(string Name, string Account, string Recipient, string File);
}
