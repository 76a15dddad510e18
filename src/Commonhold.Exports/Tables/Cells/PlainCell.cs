namespace Commonhold.Exports.Tables.Cells;

/// <summary>A cell in its plain form: the one way in which the cleaned form writes this value.</summary>
/// <param name="Text">UTF-8, valid until the next cell is made plain.</param>
/// <param name="Ticks">Of dates and times: 100 ns since 0001-01-01 UTC; of times of day since midnight.</param>
internal readonly ref struct PlainCell(ReadOnlySpan<byte> text, long ticks = 0)
{
    public ReadOnlySpan<byte> Text { get; } = text;

    public long Ticks { get; } = ticks;
}

/// <summary>One type of a Frictionless Table Schema field: tells its values and gives them their plain form.</summary>
internal abstract class FieldType(string name)
{
    /// <summary>As the descriptor says it: <c>integer</c>.</summary>
    public string Name { get; } = name;

    /// <summary>False when the value is none of this type.</summary>
    public abstract bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain);

    /// <summary>Where the value stands among those of its type, for <c>minimum</c> and <c>maximum</c>; null when types have no order.</summary>
    public virtual decimal? Rank(PlainCell plain) => null;

    /// <summary>Of the same type, values as the cleaned form writes them.</summary>
    public virtual FieldType Plain => this;

    /// <summary>The type's <c>format</c> in the cleaned form; null for the default.</summary>
    public virtual string? PlainFormat => null;
}
