using System.Text;

namespace Commonhold.Ethereum;

/// <summary>Digests of human-readable messages (EIP-191, version 0x45).</summary>
public static class PersonalMessage
{
    public static Bytes32 Hash(ReadOnlySpan<byte> message)
    {
        var hasher = new IncrementalKeccak256();
        hasher.Append(Encoding.ASCII.GetBytes($"\u0019Ethereum Signed Message:\n{message.Length}"));
        hasher.Append(message);
        return hasher.Finish();
    }
}
