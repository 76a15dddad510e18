using System.Globalization;
using System.Text;

namespace Commonhold.Age;

/// <summary>Key files: one identity or recipient a line; empty lines and lines that begin with # are comments.</summary>
public static class KeyFile
{
    /// <summary>As <c>age</c> does: larger key files are refused.</summary>
    private const int MaxCharacters = 16 << 20;

    /// <summary>Reads an identity file; the caller disposes what it gets.</summary>
    /// <exception cref="AgeException"><c>age.key_file</c>, naming the line and never repeating it.</exception>
    public static IReadOnlyList<X25519Identity> ReadIdentities(TextReader reader)
    {
        var identities = new List<X25519Identity>();
        foreach (var (number, line) in Lines(reader))
        {
            identities.Add(X25519Identity.TryParse(line) ?? throw new AgeException(
                AgeErrors.KeyFile, $"Line {number} of the identity file is not an identity.",
                "An identity looks like AGE-SECRET-KEY-1… and has 74 characters."));
        }

        return identities.Count > 0 ? identities : throw new AgeException(AgeErrors.KeyFile, "The identity file holds no identity.");
    }

    /// <summary>Reads a recipients file.</summary>
    /// <exception cref="AgeException"><c>age.key_file</c>, naming the line; it is not repeated, as it may be a secret put there by mistake.</exception>
    public static IReadOnlyList<X25519Recipient> ReadRecipients(TextReader reader)
    {
        var recipients = new List<X25519Recipient>();
        foreach (var (number, line) in Lines(reader))
        {
            recipients.Add(X25519Recipient.TryParse(line) ?? throw new AgeException(
                AgeErrors.KeyFile, $"Line {number} of the recipients file is not a recipient.",
                "A recipient looks like age1… and has 62 characters."));
        }

        return recipients.Count > 0 ? recipients : throw new AgeException(AgeErrors.KeyFile, "The recipients file holds no recipient.");
    }

    /// <summary>The text of an identity file, as <c>age-keygen</c> writes it. It holds the secret.</summary>
    public static string Write(X25519Identity identity, DateTimeOffset created) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"# created: {created:yyyy-MM-ddTHH:mm:ssK}\n")
        .Append(CultureInfo.InvariantCulture, $"# public key: {identity.Recipient}\n")
        .Append(CultureInfo.InvariantCulture, $"{identity.ExportSecret()}\n").ToString();

    private static IEnumerable<(int Number, string Line)> Lines(TextReader reader)
    {
        var read = 0;
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            read += line.Length + 1;
            if (read > MaxCharacters) throw new AgeException(AgeErrors.KeyFile, "The key file is larger than 16 MiB.");
            if (line.Length > 0 && line[0] != '#') yield return (number, line);
        }
    }
}
