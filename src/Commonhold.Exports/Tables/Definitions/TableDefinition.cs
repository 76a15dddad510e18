using System.Text;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>One table of the cleaned form: its columns, its key, and what its rows are to a dataset.</summary>
/// <param name="Key">Places of the key's fields.</param>
/// <param name="KeyAs">How each field of the key is compared.</param>
/// <param name="Time">Place of the field that says when; -1 for none.</param>
/// <param name="Text">Fields that a person wrote.</param>
/// <param name="IdNumber">Place of the field that the platform counts up; -1 for none.</param>
internal sealed record TableDefinition(
    string Name,
    string? Title,
    RecordKind Kind,
    IReadOnlyList<FieldDefinition> Fields,
    IReadOnlyList<int> Key,
    IReadOnlyList<KeyForm> KeyAs,
    int Time,
    PlaceRule? Place,
    QualityRule Quality,
    IReadOnlyList<int> Text,
    int IdNumber,
    IReadOnlyList<byte[]> MissingValues,
    byte Delimiter,
    IdTimeRule? IdTime)
{
    public string FileName => $"{Name}.csv";

    /// <summary>The columns' names as a header of the cleaned form has them.</summary>
    public IReadOnlyList<byte[]> Header { get; } = [.. Fields.Select(f => Encoding.UTF8.GetBytes(f.Name))];

    public int IndexOf(string field)
    {
        for (var i = 0; i < Fields.Count; i++)
        {
            if (string.Equals(Fields[i].Name, field, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }
}

/// <summary>How a field of a key is compared: as it stands, without case, or to the second or minute.</summary>
internal enum KeyForm : byte
{
    Value,
    Lower,
    Seconds,
    Minutes,
}

/// <summary>What a row belongs to.</summary>
internal sealed record PlaceRule(int Field, bool IsDomain);

/// <summary>What a row is worth in its cell: <paramref name="Flat"/> and what its texts say, together at most 255; nothing where a
/// condition holds.</summary>
internal sealed record QualityRule(byte Flat, IReadOnlyList<int> Text, IReadOnlyList<Condition> ZeroIf);
