namespace Commonhold.Age;

/// <summary>One recipient stanza: its type, arguments and body (age v1, "Recipient stanza").</summary>
public sealed class Stanza
{
    private readonly byte[] body;

    internal Stanza(string[] arguments, byte[] body)
    {
        Type = arguments[0];
        Arguments = arguments[1..].AsReadOnly();
        this.body = body;
    }

    public string Type { get; }

    /// <summary>What follows the type on the stanza's first line.</summary>
    public IReadOnlyList<string> Arguments { get; }

    public ReadOnlySpan<byte> Body => body;
}
