using System.Security.Cryptography;
using Commonhold.Cli.Voice;
using Commonhold.Client;

namespace Commonhold.Cli.Keys;

/// <summary>Where the passphrase of a key file comes from: never from an argument.</summary>
/// <remarks>In this order: a file beside the key (made for trial keys), `COMMONHOLD_PASSPHRASE_FILE`, `COMMONHOLD_PASSPHRASE`, a prompt.</remarks>
internal static class Passphrases
{
    private const int MaxBytes = 4096;

    /// <summary>16 random bytes cannot be guessed, so that the slow part of sealing (scrypt) may be quick.</summary>
    public const int WorkFactorOfGenerated = 10;

    public static string FileBeside(string keyFile) => Path.ChangeExtension(keyFile, ".passphrase");

    /// <summary>The generated passphrase beside a key file, made at the first call, for its owner's eyes only.</summary>
    public static string Generated(string keyFile)
    {
        var file = FileBeside(keyFile);
        if (!File.Exists(file))
            PrivateFile.Replace(file, System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) + "\n"));
        return FirstLine(file);
    }

    public static string Ask(string keyFile, bool twice = false)
    {
        if (!twice && File.Exists(FileBeside(keyFile)))
            return FirstLine(FileBeside(keyFile));
        if (Environment.GetEnvironmentVariable("COMMONHOLD_PASSPHRASE_FILE") is { Length: > 0 } file)
            return FirstLine(file);
        if (Environment.GetEnvironmentVariable("COMMONHOLD_PASSPHRASE") is { Length: > 0 } text)
            return text;
        if (Console.IsInputRedirected)
            throw new CommandFailedException(
                $"{keyFile} needs its passphrase and there is no terminal to ask on", "set COMMONHOLD_PASSPHRASE_FILE to a file whose first line it is");
        var first = Prompt($"Passphrase for {Path.GetFileName(keyFile)}: ");
        if (first.Length == 0)
            throw new CommandFailedException("the passphrase is empty");
        if (twice && Prompt("The same again: ") != first)
            throw new CommandFailedException("the two passphrases differ");
        return first;
    }

    private static string FirstLine(string file)
    {
        if (new FileInfo(file).Length > MaxBytes)
            throw new CommandFailedException($"{file} is too long for a passphrase", "its first line is the passphrase");
        using var reader = new StreamReader(file);
        return reader.ReadLine() is { Length: > 0 } line ? line : throw new CommandFailedException($"{file} holds no passphrase");
    }

    private static string Prompt(string question)
    {
        Console.Error.Write(question);
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace && typed.Length > 0)
                typed.Length--;
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
