using System.Buffers.Binary;
using System.Security.Cryptography;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Chain;

/// <summary>What a guardian keeps of a batch whose manifest matched the chain: each leaf's ephemeral share and key epoch.</summary>
internal sealed class BatchShares
{
    private const int HeaderBytes = 4 + Bytes32.Length + 4;
    private const int LeafBytes = Bytes32.Length + 4;

    private readonly Bytes32[] _shares;
    private readonly uint[] _epochs;

    private BatchShares(Bytes32 root, Bytes32[] shares, uint[] epochs)
    {
        Root = root;
        _shares = shares;
        _epochs = epochs;
    }

    private static ReadOnlySpan<byte> Magic => "CHS1"u8;

    public Bytes32 Root { get; }

    public uint Count => (uint)_shares.Length;

    public static BatchShares Of(BatchManifest manifest) => new(
        manifest.Root,
        [.. manifest.Leaves.Select(leaf => leaf.EphemeralShare)],
        [.. manifest.Leaves.Select(leaf => leaf.KeyEpoch)]);

    public Bytes32 Share(uint index) => _shares[index];

    public uint Epoch(uint index) => _epochs[index];

    /// <summary>The form kept on the guardian's own disk: magic, root, count, 36 bytes a leaf, SHA-256 of it all.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderBytes + (_shares.Length * LeafBytes) + SHA256.HashSizeInBytes];
        Magic.CopyTo(bytes);
        Root.CopyTo(bytes.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(36), Count);
        for (var i = 0; i < _shares.Length; i++)
        {
            var leaf = bytes.AsSpan(HeaderBytes + (i * LeafBytes));
            _shares[i].CopyTo(leaf);
            BinaryPrimitives.WriteUInt32BigEndian(leaf[Bytes32.Length..], _epochs[i]);
        }

        SHA256.HashData(bytes.AsSpan(..^SHA256.HashSizeInBytes), bytes.AsSpan(^SHA256.HashSizeInBytes..));
        return bytes;
    }

    /// <summary>Null when the bytes are not whole: a cache that rots is fetched again.</summary>
    public static BatchShares? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + SHA256.HashSizeInBytes || !bytes.StartsWith(Magic))
            return null;
        var body = bytes[..^SHA256.HashSizeInBytes];
        var count = BinaryPrimitives.ReadUInt32BigEndian(body[36..]);
        if (body.Length != HeaderBytes + ((long)count * LeafBytes)
            || !bytes[^SHA256.HashSizeInBytes..].SequenceEqual(SHA256.HashData(body)))
            return null;

        var shares = new Bytes32[count];
        var epochs = new uint[count];
        for (var i = 0; i < shares.Length; i++)
        {
            var leaf = body.Slice(HeaderBytes + (i * LeafBytes), LeafBytes);
            shares[i] = Bytes32.FromSpan(leaf[..Bytes32.Length]);
            epochs[i] = BinaryPrimitives.ReadUInt32BigEndian(leaf[Bytes32.Length..]);
        }

        return new BatchShares(Bytes32.FromSpan(body.Slice(4, Bytes32.Length)), shares, epochs);
    }
}
