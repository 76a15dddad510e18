using System.CommandLine;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Operate;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold operator add|remove|list`: who may act on the node's page. The running node reads the file when it changes.</summary>
internal static class OperatorVerb
{
    private const string Heading = "# Accounts that may act on this node's page /operate; one a line. The node reads this file when it changes.\n";

    private static readonly Argument<string> Account = new("ADDRESS") { Description = "An account." };

    private static readonly Option<DirectoryInfo> Data = new("--data") { Description = "The node's directory (default: node in the home directory).", HelpName = "DIR" };

    public static Command Create() => new Verb("operator", "Who may act on this node's page: pause contributions, make a batch, try a relay again.")
    {
        new Verb("add", "Make an account an operator.", "commonhold operator add 0x…") { Account, Data }
            .Runs((context, parse, _) => Task.FromResult(Change(context, parse, (accounts, account) => accounts.Contains(account) ? accounts : [.. accounts, account]))),
        new Verb("remove", "An account is an operator no longer.", "commonhold operator remove 0x…") { Account, Data }
            .Runs((context, parse, _) => Task.FromResult(Change(context, parse, (accounts, account) => accounts.Contains(account)
                ? [.. accounts.Where(other => other != account)]
                : throw new CommandFailedException($"{account} is no operator", "commonhold operator list")))),
        new Verb("list", "Show the operators.", "commonhold operator list") { Data }
            .Runs((context, parse, _) => Task.FromResult(Show(context, Read(FileOf(context, parse))))),
    };

    private static int Change(CliContext context, ParseResult parse, Func<IReadOnlyList<Address>, Address, IReadOnlyList<Address>> change)
    {
        var text = parse.GetValue(Account)!;
        if (!Address.TryParse(text, out var account))
            throw new CommandFailedException($"'{text}' is not an account", "0x and 40 digits; mixed case must carry a right checksum", ExitCode.Usage);
        var file = FileOf(context, parse);
        var accounts = change(Read(file), account);
        CommonholdHome.Private(Path.GetDirectoryName(file)!);
        PrivateFile.Replace(file, System.Text.Encoding.UTF8.GetBytes(Heading + string.Concat(accounts.Select(each => each + "\n"))));
        return Show(context, accounts);
    }

    private static IReadOnlyList<Address> Read(string file)
    {
        try
        {
            return File.Exists(file) ? [.. Operators.Parse(File.ReadAllText(file))] : [];
        }
        catch (FormatException e)
        {
            throw new CommandFailedException($"{file} has a line that is no account: {e.Message}", "mend it by hand; until then the node has no operators");
        }
    }

    private static int Show(CliContext context, IReadOnlyList<Address> accounts)
    {
        context.Show(accounts, console =>
        {
            if (accounts.Count == 0)
                console.WriteLine("No operators.");
            foreach (var account in accounts)
                console.WriteLine(account.ToString());
        });
        return ExitCode.Ok;
    }

    private static string FileOf(CliContext context, ParseResult parse) => Path.Combine(parse.GetValue(Data)?.FullName ?? context.Home.Node, Operators.FileName);
}
