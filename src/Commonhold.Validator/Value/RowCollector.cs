using System.Runtime.InteropServices;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Validator.Uniqueness;
using Commonhold.Validator.Uniqueness.IdTime;
using Commonhold.Validator.Uniqueness.Texts;
using Commonhold.Validator.Value.Reweighting;

namespace Commonhold.Validator.Value;

/// <summary>Turns the records of an export, as they pass, into keys, cells and qualities: 24 bytes a row, no text.</summary>
/// <param name="keepsTexts">Re-weighting is on: the vectors of a few texts are taken too.</param>
internal sealed class RowCollector(
    ReadOnlyMemory<byte> validatorsKey, string schema, Address owner, IdTimeCurve curve, bool keepsTexts = false) : RecordVisitor
{
    private readonly List<ValuedRow> _rows = new(1024);
    private readonly List<ulong> _authored = new(256);
    private readonly List<ulong> _history = [];
    private readonly FeatureSampler? _texts = keepsTexts ? new FeatureSampler() : null;
    private readonly TextSampler _sketch = new(validatorsKey.Span);
    private RowKeys? _keys;

    public Bytes32 Nullifier { get; private set; }

    public RowSet Rows() => RowSet.From(_rows);

    public RowKeySet Authored() => RowKeySet.From(CollectionsMarshal.AsSpan(_authored));

    public RowKeySet History() => RowKeySet.From(CollectionsMarshal.AsSpan(_history));

    public IReadOnlyList<KeptText> Texts => _texts?.Kept ?? [];

    public CellNames Cells { get; } = new();

    public IdTimeCheck IdTime { get; } = new(curve);

    public TextSketch Sketch() => _sketch.ToSketch();

    public override void OnAccount(ExportAccount account)
    {
        Nullifier = account.Id is { } id
            ? AccountNullifier.Of(validatorsKey.Span, account.Platform, id)
            : AccountNullifier.OfWallet(validatorsKey.Span, schema, owner);
        _keys = new RowKeys(validatorsKey.Span, Nullifier);
    }

    public override void OnRecord(in ExportRecord record)
    {
        var code = record.Kind.Code;
        ulong key;
        switch (record.Kind.Scope)
        {
            case RowScope.Authored:
                key = _keys!.Authored(code, record.Key);
                _authored.Add(key);
                break;
            case RowScope.History:
                key = _keys!.History(code, record.Key);
                _history.Add(key);
                break;
            default:
                key = _keys!.Own(code, record.Key);
                break;
        }

        _texts?.Offer(key, record, place => _keys.Cell(0, place, 0));
        if (!record.Text.IsEmpty)
            _sketch.Offer(key, record.Text);
        _rows.Add(new ValuedRow(key, CellOf(record), IsMadeUp(record) ? (byte)0 : record.Quality, HasText: !record.Text.IsEmpty));
    }

    // The platform gave its id at another time than it says.
    private bool IsMadeUp(in ExportRecord record) =>
        record is { IdNumber: { } id, Time: { } time } && IdTimeCheck.SeriesOf(schema, record.Kind.Name) is { } series
        && IdTime.Offer(series, id, time) == IdPlace.OffCurve;

    private ulong CellOf(in ExportRecord record)
    {
        var quarter = record.Time is { } time ? (time.Year * 4) + ((time.Month - 1) / 3) : 0;
        ref var cell = ref Cells.At(record.Kind.Code, record.PlaceId, record.Place, quarter);
        if (cell == 0)
            cell = _keys!.Cell(record.Kind.Code, record.Place, quarter);
        return cell;
    }
}
