using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Age;

/// <summary>A passphrase from a file or from the keyboard, never shown.</summary>
internal static class PassphrasePrompt
{
    public static async Task<string> ReadAsync(string prompt, string? file, CliContext context, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            var line = await File.ReadLinesAsync(file, cancellationToken).FirstOrDefaultAsync(cancellationToken);
            return line is { Length: > 0 } ? line : throw new CommandFailedException($"the first line of {file} is empty");
        }

        if (Console.IsInputRedirected)
            throw new CommandFailedException("there is no keyboard to read the passphrase from", "name the input file as an argument, or --passphrase-file FILE", ExitCode.Usage);
        await context.Error.WriteAsync(prompt);
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace && typed.Length > 0) typed.Length--;
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }

        await context.Error.WriteLineAsync();
        return typed.ToString();
    }

    /// <summary>Asks twice: a typing mistake would lose the file.</summary>
    public static async Task<string> ReadNewAsync(string? file, CliContext context, CancellationToken cancellationToken)
    {
        var first = await ReadAsync("new passphrase: ", file, context, cancellationToken);
        if (first.Length == 0) throw new CommandFailedException("an empty passphrase protects nothing");
        if (file is null && await ReadAsync("the same again: ", file, context, cancellationToken) != first)
            throw new CommandFailedException("the two passphrases differ");
        return first;
    }
}
