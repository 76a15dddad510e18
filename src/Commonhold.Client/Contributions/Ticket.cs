using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>Lets one validator open one file once: the ephemeral secret of the dataset's stanza (design §3).</summary>
/// <remarks>It is a secret: it travels only inside an age file to the validator, and is never written down in the clear.</remarks>
public sealed record Ticket(int Version, Bytes32 CiphertextDigest, Bytes32 EphemeralSecret)
{
    public const int CurrentVersion = 1;

    /// <summary>Never shows the secret, whatever prints it.</summary>
    public override string ToString() => $"Ticket for {CiphertextDigest}";
}
