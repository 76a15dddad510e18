namespace Commonhold.Ethereum;

/// <summary>All that a contract's ABI declares, in the order of the file.</summary>
public sealed record ContractAbi(
    IReadOnlyList<AbiParameter> Constructor,
    IReadOnlyList<AbiFunction> Functions,
    IReadOnlyList<AbiEvent> Events,
    IReadOnlyList<AbiError> Errors)
{
    /// <exception cref="ArgumentException">There is no such function, or several: then ask by <see cref="AbiSignature.Text"/>.</exception>
    public AbiFunction Function(string nameOrSignature) => Find(Functions, nameOrSignature, "function");

    /// <inheritdoc cref="Function"/>
    public AbiEvent Event(string nameOrSignature) => Find(Events, nameOrSignature, "event");

    /// <inheritdoc cref="Function"/>
    public AbiError Error(string nameOrSignature) => Find(Errors, nameOrSignature, "error");

    /// <summary>The init code followed by the constructor's arguments: the data of a creating transaction.</summary>
    public byte[] EncodeDeployment(ReadOnlySpan<byte> initCode, params AbiValue[] arguments) =>
        [.. initCode, .. AbiEncoder.Encode([.. Constructor.Select(p => p.Type)], arguments)];

    private static T Find<T>(IReadOnlyList<T> all, string nameOrSignature, string kind)
        where T : AbiSignature
    {
        T[] found = [.. all.Where(s => s.Name == nameOrSignature || s.Text == nameOrSignature)];
        return found.Length == 1
            ? found[0]
            : throw new ArgumentException($"The ABI has {found.Length} {kind}s '{nameOrSignature}'.", nameof(nameOrSignature));
    }
}
