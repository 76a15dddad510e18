using System.Runtime.InteropServices;
using Commonhold.Ethereum;
using Commonhold.Exports.Reddit;
using Commonhold.Validator.Uniqueness;

namespace Commonhold.Validator.Value;

/// <summary>Turns the rows of an export, as they pass, into keys, cells and qualities: 24 bytes a row, no text.</summary>
internal sealed class RowCollector(ReadOnlyMemory<byte> validatorsKey) : ExportRowVisitor
{
    private readonly List<ValuedRow> _rows = new(1024);
    private readonly List<ulong> _authored = new(256);
    private RowKeys? _keys;

    public Bytes32 Nullifier { get; private set; }

    public RowSet Rows() => RowSet.From(_rows);

    public RowKeySet Authored() => RowKeySet.From(CollectionsMarshal.AsSpan(_authored));

    public CellNames Cells { get; } = new();

    public override void OnAccount(ExportAccount account)
    {
        Nullifier = AccountNullifier.Of(validatorsKey.Span, AccountNullifier.Reddit, account.Name);
        _keys = new RowKeys(validatorsKey.Span, Nullifier);
    }

    public override void OnRow(in ExportRow row)
    {
        if (ValueFunction.Of(row.Kind) is not { } kind)
            return;
        Span<byte> id = stackalloc byte[64];
        if (IdOf(row, id) is not (> 0 and var length))
            return;
        var key = kind.IsAuthored ? _keys!.Authored(kind.Code, id[..length]) : _keys!.Own(kind.Code, id[..length]);
        if (kind.IsAuthored)
            _authored.Add(key);
        _rows.Add(new ValuedRow(key, CellOf(row, kind.Code), RowQuality.Of(row, kind)));
    }

    // Subscriptions are known by the community itself; everything else by a base-36 id. A row without either is worth nothing.
    private static int IdOf(in ExportRow row, Span<byte> canonical)
    {
        var id = row[RedditColumn.Id];
        if (id.IsEmpty)
            id = row[RedditColumn.PostId];
        if (!id.IsEmpty)
            return RowKeys.Canonicalise(id, canonical);
        if (!row[RedditColumn.ContentLink].IsEmpty)
            return LastSegment(row[RedditColumn.ContentLink], canonical);
        row.Community.CopyTo(canonical);
        return row.Community.Length;
    }

    private static int LastSegment(ReadOnlySpan<byte> link, Span<byte> canonical)
    {
        link = link.TrimEnd((byte)'/');
        return RowKeys.Canonicalise(link[(link.LastIndexOf((byte)'/') + 1)..], canonical);
    }

    private ulong CellOf(in ExportRow row, byte kind)
    {
        // A list of communities is one cell: each of its rows would be a cell of its own otherwise.
        var community = row[RedditColumn.Id].IsEmpty && row[RedditColumn.PostId].IsEmpty && row[RedditColumn.ContentLink].IsEmpty
            ? 0
            : row.CommunityId;
        var quarter = row.Date is { } date ? (date.Year * 4) + ((date.Month - 1) / 3) : 0;
        var name = community == 0 ? [] : row.Community;
        ref var cell = ref Cells.At(kind, community, name, quarter);
        if (cell == 0)
            cell = _keys!.Cell(kind, name, quarter);
        return cell;
    }
}
