namespace Commonhold.Ethereum;

/// <summary>The errors that revert data are decoded against; <c>Error</c> and <c>Panic</c> are always among them.</summary>
public sealed class AbiErrorSet
{
    private readonly Dictionary<AbiSelector, AbiError> _errors = [];

    public AbiErrorSet(IEnumerable<AbiError> errors)
    {
        foreach (AbiError error in errors.Append(AbiError.Error).Append(AbiError.Panic))
            _errors[error.Selector] = error;
    }

    /// <summary>Only what Solidity itself throws.</summary>
    public static AbiErrorSet BuiltIn { get; } = new([]);

    /// <summary>What a revert says; data of unknown or malformed errors give a name of null, and are kept.</summary>
    public ContractRevertException ToException(ReadOnlyMemory<byte> data, Bytes32? transactionHash = null)
    {
        if (data.Length >= 4 && _errors.TryGetValue(AbiSelector.FromSpan(data.Span), out AbiError? error))
        {
            try
            {
                return new ContractRevertException(error, error.Decode(data.Span), data, transactionHash);
            }
            catch (AbiException)
            {
                // A contract may revert with anything it likes; what cannot be read is reported as bytes.
            }
        }

        return new ContractRevertException(null, [], data, transactionHash);
    }
}
