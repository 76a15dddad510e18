namespace Commonhold.Ethereum;

/// <summary>A structured message to sign (EIP-712): domain, types, and a value of the primary type.</summary>
/// <param name="Message">The primary struct's fields in order; nested structs and arrays are lists.</param>
public sealed record TypedData(Eip712Domain Domain, Eip712Types Types, string PrimaryType, AbiValue Message)
{
    /// <summary>The digest that is signed: keccak(0x1901 ‖ domain separator ‖ hashStruct(message)).</summary>
    /// <exception cref="ArgumentException">The message does not fit its type.</exception>
    public Bytes32 Hash() => Hash(Domain.Separator(), Types.HashStruct(PrimaryType, Message));

    public static Bytes32 Hash(Bytes32 domainSeparator, Bytes32 structHash)
    {
        Span<byte> input = stackalloc byte[66];
        input[0] = 0x19;
        input[1] = 0x01;
        domainSeparator.CopyTo(input[2..]);
        structHash.CopyTo(input[34..]);
        return Keccak256.Hash(input);
    }

    /// <summary>Reads the JSON of <c>eth_signTypedData_v4</c>.</summary>
    /// <exception cref="FormatException">Not typed data, or a value that does not fit its type.</exception>
    public static TypedData Parse(string json) => TypedDataJson.Read(StrictJson.Parse(json));

    /// <summary>The JSON that wallets take in <c>eth_signTypedData_v4</c>; integers are decimal text.</summary>
    public string ToJson() => TypedDataJson.Write(this);
}
