using Commonhold.Ethereum;

namespace Commonhold.Bindings;

/// <summary>How a Solidity type is written, encoded and decoded in C#.</summary>
internal sealed class TypeMap(Func<AbiParameter, string> structName)
{
    public string Name(AbiParameter parameter) => Name(parameter, parameter.Type);

    /// <summary>An expression that turns the C# value into an AbiValue.</summary>
    public static string Encode(AbiParameter parameter, string value) => Encode(parameter, parameter.Type, value, 0);

    /// <summary>An expression that reads the C# value from an AbiValue.</summary>
    public string Decode(AbiParameter parameter, string value) => Decode(parameter, parameter.Type, value, 0);

    private static bool IsGrantId(AbiParameter parameter) => parameter.InternalType is "GrantId" or "GrantId[]";

    private string Name(AbiParameter parameter, AbiType type) => type switch
    {
        AbiIntegerType when IsGrantId(parameter) => "GrantId",
        AbiIntegerType { IsSigned: false, Bits: 8 } => "byte",
        AbiIntegerType { IsSigned: false, Bits: 16 } => "ushort",
        AbiIntegerType { IsSigned: false, Bits: <= 32 } => "uint",
        AbiIntegerType { IsSigned: false, Bits: <= 64 } => "ulong",
        AbiIntegerType => "BigInteger",
        AbiBoolType => "bool",
        AbiAddressType => "Address",
        AbiStringType => "string",
        AbiBytesType { Length: 32 } => "Bytes32",
        AbiBytesType => "ReadOnlyMemory<byte>",
        AbiArrayType array => $"IReadOnlyList<{Name(parameter, array.Element)}>",
        AbiTupleType => structName(parameter),
        _ => throw new NotSupportedException($"No C# type for {type}."),
    };

    private static string Encode(AbiParameter parameter, AbiType type, string value, int depth) => type switch
    {
        AbiIntegerType when IsGrantId(parameter) => $"AbiValue.From(new BigInteger({value}.Value))",
        AbiIntegerType => $"AbiValue.From((BigInteger){value})",
        AbiArrayType array => $"AbiValue.List({value}.Select(v{depth} => {Encode(parameter, array.Element, $"v{depth}", depth + 1)}))",
        AbiTupleType => $"{value}.ToAbi()",
        _ => $"AbiValue.From({value})",
    };

    private string Decode(AbiParameter parameter, AbiType type, string value, int depth) => type switch
    {
        AbiIntegerType when IsGrantId(parameter) => $"new GrantId({value}.AsUInt64())",
        AbiIntegerType { IsSigned: false, Bits: <= 32 and not 8 and not 16 } => $"checked((uint){value}.AsUInt64())",
        AbiIntegerType { IsSigned: false, Bits: 8 } => $"checked((byte){value}.AsUInt64())",
        AbiIntegerType { IsSigned: false, Bits: 16 } => $"checked((ushort){value}.AsUInt64())",
        AbiIntegerType { IsSigned: false, Bits: <= 64 } => $"{value}.AsUInt64()",
        AbiIntegerType => $"{value}.AsInteger()",
        AbiBoolType => $"{value}.AsBool()",
        AbiAddressType => $"{value}.AsAddress()",
        AbiStringType => $"{value}.AsText()",
        AbiBytesType { Length: 32 } => $"{value}.AsBytes32()",
        AbiBytesType => $"{value}.AsBytes()",
        AbiArrayType array => $"{value}.AsList().Select(v{depth} => {Decode(parameter, array.Element, $"v{depth}", depth + 1)}).ToArray()",
        AbiTupleType => $"{structName(parameter)}.FromAbi({value})",
        _ => throw new NotSupportedException($"No decoder for {type}."),
    };
}
