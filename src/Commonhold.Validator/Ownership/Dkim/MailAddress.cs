namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>One mailbox, in lower case: <c>someone@example.org</c>.</summary>
/// <remarks>Reads what providers write, <c>a@b</c>, <c>&lt;a@b&gt;</c> and <c>Name &lt;a@b&gt;</c>, and nothing else of RFC 5322 §3.4: a list, a group,
/// a comment or a quoted local part are ways of showing one address and meaning another.</remarks>
internal sealed record MailAddress(string Local, string Domain)
{
    private const string LocalMarks = "!#$%&'*+-/=?^_`{|}~.";

    /// <summary>The mailbox behind it: without what follows a plus, and for Gmail without dots. For telling people apart, never for proving.</summary>
    public string Mailbox
    {
        get
        {
            var local = Local.Split('+')[0];
            return Domain.Split('.') is ["gmail" or "googlemail", "com"] ? $"{local.Replace(".", "", StringComparison.Ordinal)}@gmail.com" : $"{(local.Length == 0 ? Local : local)}@{Domain}";
        }
    }

    /// <returns>Null when it is not exactly one mailbox.</returns>
    public static MailAddress? TryParse(string text)
    {
        text = text.Trim();
        if (text.EndsWith('>'))
        {
            var open = text.IndexOf('<', StringComparison.Ordinal);
            if (open < 0 || !IsDisplayName(text[..open].Trim()))
                return null;
            text = text[(open + 1)..^1];
        }

        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at is <= 0 or > 64 || text.Length > 254)
            return null;
        var (local, domain) = (text[..at].ToLowerInvariant(), text[(at + 1)..].ToLowerInvariant());
        return local.All(c => char.IsAsciiLetterOrDigit(c) || LocalMarks.Contains(c, StringComparison.Ordinal)) && IsDomain(domain) ? new MailAddress(local, domain) : null;
    }

    public override string ToString() => $"{Local}@{Domain}";

    private static bool IsDomain(string domain) =>
        domain.Contains('.', StringComparison.Ordinal)
        && domain.Split('.').All(l => l.Length is > 0 and <= 63 && l.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    // A phrase of atoms and encoded words, or one quoted string.
    private static bool IsDisplayName(string name)
    {
        if (name is ['"', .. var inner, '"'])
            return !inner.Contains('"', StringComparison.Ordinal) && !inner.Contains('\\', StringComparison.Ordinal);
        return name.IndexOfAny(['"', '<', '>', '(', ')', ',', ':', ';', '@', '\\', '[', ']']) < 0;
    }
}
