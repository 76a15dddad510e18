using System.Buffers.Binary;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>Writes static ABI values as 32-byte words into a buffer on the stack, and hashes them.</summary>
/// <remarks>All our leaves, terms and typed messages are static structs, for which <c>abi.encode</c> and EIP-712 encodeData
/// are this and nothing more; a million leaves are hashed without an allocation.</remarks>
internal ref struct WordWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _position;

    public void Add(Bytes32 value)
    {
        value.CopyTo(Next());
    }

    public void Add(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Clear()[24..], value);

    public void Add(UInt128 value) => BinaryPrimitives.WriteUInt128BigEndian(Clear()[16..], value);

    public void Add(bool value) => Add(value ? 1UL : 0UL);

    public void Add(Address value) => value.CopyTo(Clear()[12..]);

    public readonly Bytes32 Hash() => Keccak256.Hash(_buffer[.._position]);

    private Span<byte> Clear()
    {
        Span<byte> word = Next();
        word.Clear();
        return word;
    }

    private Span<byte> Next()
    {
        Span<byte> word = _buffer.Slice(_position, 32);
        _position += 32;
        return word;
    }
}
