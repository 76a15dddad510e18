using System.CommandLine;

namespace Commonhold.Cli.Age;

/// <summary>What was asked for on the command line of `commonhold age`.</summary>
internal sealed record AgeRequest(
    string[] Recipients, string[] RecipientFiles, string[] IdentityFiles, bool Passphrase, string? PassphraseFile,
    bool Armor, string? Output, string? Input);

/// <summary>The options that encryption and decryption share; every command needs its own set.</summary>
internal sealed class AgeArguments
{
    private readonly Option<string[]> recipients = new("--recipient", "-r") { Description = "Encrypt to this age1… recipient; repeatable." };
    private readonly Option<string[]> recipientFiles = new("--recipients-file", "-R") { Description = "Encrypt to the recipients in this file; repeatable." };
    private readonly Option<string[]> identityFiles = new("--identity", "-i") { Description = "Use the identities in this file, which may itself be sealed with a passphrase; repeatable." };
    private readonly Option<bool> passphrase = new("--passphrase", "-p") { Description = "Encrypt with a passphrase." };
    private readonly Option<string> passphraseFile = new("--passphrase-file") { Description = "Read the passphrase from the first line of this file instead of asking." };
    private readonly Option<bool> armor = new("--armor", "-a") { Description = "Write text (ASCII armor) instead of bytes." };
    private readonly Option<string> output = new("--output", "-o") { Description = "Write here, and only if everything went well; - is standard output." };
    private readonly Argument<string> input = new("input") { Arity = ArgumentArity.ZeroOrOne, Description = "The file; standard input if absent or -." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[recipients, recipientFiles, identityFiles, passphrase, passphraseFile, armor, output])
            command.Add(option);
        command.Add(input);
    }

    public AgeRequest Read(ParseResult parse) => new(
        parse.GetValue(recipients) ?? [], parse.GetValue(recipientFiles) ?? [], parse.GetValue(identityFiles) ?? [],
        parse.GetValue(passphrase), parse.GetValue(passphraseFile), parse.GetValue(armor), parse.GetValue(output), parse.GetValue(input));
}
