namespace Commonhold.Age;

/// <summary>Guardian <paramref name="Guardian"/>'s answer P_i = s_i·E: an encoded point of 32 bytes, not yet checked.</summary>
/// <remarks>t of them open a file: they are as secret as the file.</remarks>
public readonly record struct PartialAnswer(int Guardian, ReadOnlyMemory<byte> Point)
{
    /// <summary>True for the zero bytes that stand for "this share is not a point I multiply".</summary>
    public bool IsRefusal => Point.Span.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>The guardian's number, so that a log line cannot leak the answer.</summary>
    public override string ToString() => $"answer of guardian {Guardian}";
}
