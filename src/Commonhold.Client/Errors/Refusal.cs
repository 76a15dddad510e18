namespace Commonhold.Client;

/// <summary>An answer of "no" that was to be expected: a stable code, what happened, and what to do about it.</summary>
/// <param name="Code">Stable and dotted, as in protocol.md: <c>grant.expired</c>. Programs branch on this alone.</param>
/// <param name="Detail">One sentence with the offending value.</param>
/// <param name="Hint">What the reader can do next, if anything.</param>
public sealed record Refusal(string Code, string Detail, string? Hint = null)
{
    public override string ToString() => $"{Code}: {Detail}";
}

/// <summary>A value, or the refusal that stands in its place.</summary>
public readonly struct Result<T>
    where T : notnull
{
    private readonly T? _value;

    private Result(T? value, Refusal? refusal)
    {
        _value = value;
        Refusal = refusal;
    }

    public Refusal? Refusal { get; }

    public bool IsRefused => Refusal is not null;

    /// <exception cref="CommonholdException">It was refused; the exception carries the refusal.</exception>
    public T Value => Refusal is null ? _value! : throw new CommonholdException(Refusal);

    public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? value, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Refusal? refusal)
    {
        value = _value;
        refusal = Refusal;
        return refusal is null;
    }

#pragma warning disable CA2225 // The constructors by another name would only be noise at every return statement.
    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
#pragma warning restore CA2225
}
