using System.Buffers.Text;
using Commonhold.Exports.Sources;
using Commonhold.Exports.Tables.Cells;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Tables.Transforms;

namespace Commonhold.Exports.Tables;

/// <summary>Turns the records of one provider's file into rows in plain form, and keeps count of what stays behind.</summary>
internal sealed class SourceRows
{
    /// <summary>Why a field stays behind that no map names.</summary>
    public const string OnlyChooses = "only tells which records to take";

    private readonly SourceDefinition _source;
    private readonly TableDefinition _table;
    private readonly FieldCheck[] _checks;
    private readonly TransformRoom _room;
    private readonly ExportLimits _limits;
    private readonly string _file;
    private readonly bool[] _wasThere;
    private readonly bool[] _isMapped;
    private readonly long[] _skipped;
    private readonly long[] _unusable;
    private readonly byte[] _number = new byte[64];

    public SourceRows(string file, SourceDefinition source, TableDefinition table, FieldCheck[] checks, TransformRoom room, ExportLimits limits)
    {
        (_file, _source, _table, _checks, _room, _limits) = (file, source, table, checks, room, limits);
        _wasThere = new bool[source.Fields.Count];
        _isMapped = new bool[source.Fields.Count];
        foreach (var from in source.Map.OfType<MapEntry>().SelectMany(m => m.From))
            _isMapped[from] = true;
        _skipped = new long[source.Skip.Count];
        _unusable = new long[table.Fields.Count];
    }

    /// <summary>Fills the row from the reader's record; false when the record stays behind.</summary>
    public bool Fill(IRecordReader reader, RowBuffer row)
    {
        for (var field = 0; field < _wasThere.Length; field++)
            _wasThere[field] = _wasThere[field] || reader.TryGet(field, out _);
        for (var i = 0; i < _source.Skip.Count; i++)
        {
            var condition = _source.Skip[i];
            if (condition.Holds(TextOf(reader, condition.Field, out _)))
            {
                _skipped[i]++;
                return false;
            }
        }

        row.Clear();
        for (var i = 0; i < _table.Fields.Count; i++)
        {
            if (!TryField(reader, i, row))
            {
                _unusable[i]++;
                return false;
            }
        }

        if (row.Length > (_limits.MaxRowBytes / 2) - 4096)
            throw RowFault.TooLong(_file, reader.Number, (_limits.MaxRowBytes / 2) - 4096);
        return true;
    }

    /// <summary>What stayed behind so far, and why.</summary>
    public IEnumerable<DroppedItem> Dropped(IRecordReader reader, long rows)
    {
        foreach (var name in reader.OtherFields)
            yield return new DroppedItem(_file, name, rows, _source.Private.GetValueOrDefault(name, "not a field we know"));
        for (var i = 0; i < _wasThere.Length; i++)
        {
            var name = _source.Fields[i];
            if (!_wasThere[i])
                continue;
            if (_source.Private.TryGetValue(name, out var reason))
                yield return new DroppedItem(_file, name, rows, reason);
            else if (!_isMapped[i])
                yield return new DroppedItem(_file, name, rows, OnlyChooses);
        }

        for (var i = 0; i < _skipped.Length; i++)
        {
            if (_skipped[i] > 0)
                yield return new DroppedItem(_file, null, _skipped[i], _source.Skip[i].Because!);
        }

        for (var i = 0; i < _unusable.Length; i++)
        {
            if (_unusable[i] > 0)
                yield return new DroppedItem(_file, null, _unusable[i], $"records without a usable '{_table.Fields[i].Name}'");
        }
    }

    /// <summary>A field's text; a structure's is its JSON, and empty when it holds nothing.</summary>
    public ReadOnlySpan<byte> TextOf(IRecordReader reader, int field, out SourceKind kind)
    {
        kind = SourceKind.Null;
        if (!reader.TryGet(field, out var value))
            return default;
        kind = value.Kind;
        return Text(value, _number);
    }

    public static ReadOnlySpan<byte> Text(SourceValue value, byte[] number)
    {
        switch (value.Kind)
        {
            case SourceKind.Integer when value.Bytes.IsEmpty:
                Utf8Formatter.TryFormat(value.Integer, number, out var digits);
                return number.AsSpan(0, digits);
            case SourceKind.Real when value.Bytes.IsEmpty:
                value.Real.TryFormat(number, out var written, "R", System.Globalization.CultureInfo.InvariantCulture);
                return number.AsSpan(0, written);
            case SourceKind.Structure when value.Bytes.Length <= 2:
                return default;
            case SourceKind.Null:
                return default;
            default:
                return value.Bytes;
        }
    }

    private bool TryField(IRecordReader reader, int place, RowBuffer row)
    {
        var entry = _source.Map[place];
        var fault = FaultOf(reader, entry, place, row);
        if (fault is null)
            return true;
        switch (entry?.OnInvalid ?? OnInvalid.Refuse)
        {
            case OnInvalid.Skip:
                return false;
            case OnInvalid.Empty when !_table.Fields[place].Constraints.IsRequired:
                row.Add([], 0);
                return true;
            default:
                throw RowFault.Field(_file, reader.Number, _table.Fields[place].Name, fault, isCleaned: false);
        }
    }

    private string? FaultOf(IRecordReader reader, MapEntry? entry, int place, RowBuffer row)
    {
        var field = _table.Fields[place];
        ReadOnlySpan<byte> value = entry?.Constant;
        var kind = SourceKind.Text;
        for (var i = 0; entry is not null && i < entry.From.Count && value.IsEmpty; i++)
            value = TextOf(reader, entry.From[i], out kind);
        if (kind == SourceKind.Blob)
            return "is no text";
        if (!value.IsEmpty)
        {
            foreach (var transform in entry!.Transforms)
            {
                if (!transform(value, _room, out value))
                    return "is not in a form that is known";
            }

            // A structure that nothing turned into text is a value of JSON's own types alone.
            if (kind == SourceKind.Structure && entry.Transforms.Count == 0 && field.Type.Name is not ("object" or "array" or "any"))
                return "is an object or a list";
        }

        foreach (var missing in _table.MissingValues)
        {
            if (value.SequenceEqual(missing))
                value = default;
        }

        var plain = default(PlainCell);

        // JSON writes numbers and booleans in one way, whatever the descriptor says of text.
        var type = kind == SourceKind.Text && entry?.Transforms.Count == 0 ? field.Type : field.Type.Plain;
        if (!value.IsEmpty && !type.TryPlain(value, _room.Cells, out plain) && (ReferenceEquals(type, field.Type) || !field.Type.TryPlain(value, _room.Cells, out plain)))
            return $"is not of the type {field.Type.Name}";
        if (_checks[place].Fault(plain) is { } fault)
            return fault;
        if (plain.Text.Length > (_limits.MaxFieldBytes / 2) - 2)
            return $"has more than {(_limits.MaxFieldBytes / 2) - 2:N0} bytes";
        row.Add(plain.Text, plain.Ticks);
        return null;
    }
}
