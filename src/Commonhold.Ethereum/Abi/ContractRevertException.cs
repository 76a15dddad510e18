namespace Commonhold.Ethereum;

/// <summary>A contract refused a call or a transaction.</summary>
public sealed class ContractRevertException : EthereumException
{
    internal ContractRevertException(
        AbiError? error, IReadOnlyList<AbiValue> arguments, ReadOnlyMemory<byte> data, Bytes32? transactionHash, string? reason = null)
        : base(reason ?? Describe(error, arguments, data))
    {
        Error = error;
        Args = arguments;
        RevertData = data;
        TransactionHash = transactionHash;
    }

    /// <summary>The signature that the data were decoded by; null when none is known for them.</summary>
    public AbiError? Error { get; }

    /// <summary>The error's name (<c>AccessMarketGrantExpired</c>, <c>Error</c>, <c>Panic</c>); null when unknown.</summary>
    public string? ErrorName => Error?.Name;

    /// <summary>The error's arguments in order; empty when unknown.</summary>
    public IReadOnlyList<AbiValue> Args { get; }

    /// <summary>The bytes as the contract returned them.</summary>
    public ReadOnlyMemory<byte> RevertData { get; }

    /// <summary>The mined transaction that reverted; null when it was only a call or an estimate.</summary>
    public Bytes32? TransactionHash { get; }

    private static string Describe(AbiError? error, IReadOnlyList<AbiValue> arguments, ReadOnlyMemory<byte> data)
    {
        if (error is null)
        {
            return data.IsEmpty
                ? "The contract reverted without data."
                : $"The contract reverted with the unknown error {Hex.Shorten(Hex.Encode(data.Span))}.";
        }

        if (error == AbiError.Error)
            return $"The contract reverted: {Hex.Shorten(arguments[0].AsText())}";

        IEnumerable<string> named = error.Inputs.Zip(arguments, (p, a) => (p.Name.Length > 0 ? p.Name + ": " : "") + Hex.Shorten(a.ToString()));
        return $"The contract reverted with {error.Name}({string.Join(", ", named)}).";
    }
}
