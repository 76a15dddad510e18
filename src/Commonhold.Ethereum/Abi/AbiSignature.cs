using System.Text;

namespace Commonhold.Ethereum;

/// <summary>What functions, events and errors share: a name, parameters, and the digest of the two.</summary>
public abstract class AbiSignature
{
    private protected AbiSignature(string name, IReadOnlyList<AbiParameter> inputs)
    {
        Name = name;
        Inputs = inputs;
        Text = name + "(" + string.Join(',', inputs.Select(p => p.Type.CanonicalName)) + ")";
        Digest = Keccak256.Hash(Encoding.UTF8.GetBytes(Text));
        InputTypes = [.. inputs.Select(p => p.Type)];
    }

    public string Name { get; }

    public IReadOnlyList<AbiParameter> Inputs { get; }

    /// <summary>As in <c>transfer(address,uint256)</c>.</summary>
    public string Text { get; }

    internal Bytes32 Digest { get; }

    internal IReadOnlyList<AbiType> InputTypes { get; }

    public override string ToString() => Text;
}

/// <summary>The first four bytes of a signature's digest, which call data and revert data start with.</summary>
public readonly record struct AbiSelector(uint Value)
{
    public static AbiSelector FromSpan(ReadOnlySpan<byte> data) => new(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(data));

    public void CopyTo(Span<byte> destination) => System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(destination, Value);

    public override string ToString() => "0x" + Value.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
}
