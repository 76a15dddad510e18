using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>A guardian's signature over one message of the key ceremony.</summary>
/// <param name="Digest">SHA-256 of the message's bytes.</param>
public sealed record CeremonyMessage(uint Epoch, byte Round, Address From, Bytes32 Digest) : ITypedMessage
{
    private static readonly Bytes32 TypeHash = Keccak256.Hash("CeremonyMessage(uint32 epoch,uint8 round,address from,bytes32 digest)"u8);

    public Bytes32 StructHash()
    {
        WordWriter words = new(stackalloc byte[5 * 32]);
        words.Add(TypeHash);
        words.Add(Epoch);
        words.Add(Round);
        words.Add(From);
        words.Add(Digest);
        return words.Hash();
    }
}

/// <summary>One stored message of a round, as the node relays it (protocol.md §4).</summary>
/// <param name="Guardian">The guardian's place, from 1.</param>
/// <param name="Message">Base64 on the wire.</param>
public sealed record CeremonyPost(uint Guardian, byte[] Message, Signature Signature);

/// <summary>What a guardian puts: the message and its signature.</summary>
public sealed record CeremonyPut(byte[] Message, Signature Signature);
