using System.Diagnostics.CodeAnalysis;

namespace Commonhold.Exports;

/// <summary>Why an export was not taken: a stable code (<c>export.zip_bomb</c>), the value that failed, and what to do.</summary>
public sealed record ExportRefusal(string Code, string Detail, string Hint);

/// <summary>Carries a refusal out of a streaming pass; the entry methods of this library catch it and return it.</summary>
public sealed class ExportRefusedException(ExportRefusal refusal) : Exception($"{refusal.Code}: {refusal.Detail}")
{
    public ExportRefusal Refusal { get; } = refusal;

    internal ExportRefusedException(string code, string detail, string hint)
        : this(new ExportRefusal(code, detail, hint))
    {
    }
}

public static class ExportResult
{
    /// <summary>The value that <paramref name="work"/> returns, or the refusal that it threw.</summary>
    public static ExportResult<T> Of<T>(Func<T> work)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return new ExportResult<T>(work());
        }
        catch (ExportRefusedException refused)
        {
            return new ExportResult<T>(refused.Refusal);
        }
    }
}

/// <summary>A value, or the refusal that stands in its place.</summary>
public sealed class ExportResult<T>
    where T : class
{
    public ExportResult(T value) => Value = value;

    public ExportResult(ExportRefusal refusal) => Refusal = refusal;

    public T? Value { get; }

    public ExportRefusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Value is not null;

    /// <summary>The value; throws <see cref="ExportRefusedException"/> when there is none.</summary>
    public T OrThrow() => Value ?? throw new ExportRefusedException(Refusal!);
}
