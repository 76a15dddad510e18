namespace Commonhold.Exports.Sources;

/// <summary>What a field of a record holds.</summary>
internal enum SourceKind : byte
{
    Null,
    Boolean,
    Integer,
    Real,
    Text,

    /// <summary>Bytes that are no text.</summary>
    Blob,

    /// <summary>An object or an array, which no single value stands for; its bytes are JSON where the file is.</summary>
    Structure,
}

/// <summary>A field's value. Text is valid UTF-8 without NUL, whatever the file held.</summary>
internal readonly ref struct SourceValue
{
    private SourceValue(SourceKind kind, ReadOnlySpan<byte> bytes, long integer, double real)
    {
        Kind = kind;
        Bytes = bytes;
        Integer = integer;
        Real = real;
    }

    public SourceKind Kind { get; }

    /// <summary>Text in UTF-8; a blob's bytes; of a number the literal where the file is text, else nothing.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>An integer; 1 or 0 for a boolean; a real cut to an integer is not offered.</summary>
    public long Integer { get; }

    /// <summary>A real or an integer as the nearest double.</summary>
    public double Real { get; }

    public static SourceValue Null => default;

    public static SourceValue Boolean(bool value) => new(SourceKind.Boolean, value ? "true"u8 : "false"u8, value ? 1 : 0, value ? 1 : 0);

    public static SourceValue FromInteger(long value, ReadOnlySpan<byte> literal = default) => new(SourceKind.Integer, literal, value, value);

    public static SourceValue FromReal(double value, ReadOnlySpan<byte> literal = default) => new(SourceKind.Real, literal, 0, value);

    public static SourceValue Text(ReadOnlySpan<byte> utf8) => new(SourceKind.Text, utf8, 0, 0);

    public static SourceValue Blob(ReadOnlySpan<byte> bytes) => new(SourceKind.Blob, bytes, 0, 0);

    public static SourceValue Structure => new(SourceKind.Structure, default, 0, 0);

    public static SourceValue Json(ReadOnlySpan<byte> json) => new(SourceKind.Structure, json, 0, 0);

    /// <summary>Null or empty text: where a definition names several fields, the next one is looked at.</summary>
    public bool IsEmpty => Kind == SourceKind.Null || (Kind == SourceKind.Text && Bytes.IsEmpty);
}
