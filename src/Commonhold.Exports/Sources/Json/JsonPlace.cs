namespace Commonhold.Exports.Sources.Json;

/// <summary>A place in a JSON document that matters: on the way to records, a record, or a field of one.</summary>
internal sealed class JsonPlace
{
    private readonly List<(byte[] Name, JsonPlace Node)> _members = [];
    private readonly List<(int Index, JsonPlace Node)> _items = [];
    private JsonPlace? _anyMember;
    private JsonPlace? _anyItem;

    /// <summary>The field that the value here fills; −1 for none.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>The field takes the texts of several values, one a line.</summary>
    public bool Joins { get; set; }

    /// <summary>What is held in memory at once starts here: a record, or what records are taken out of.</summary>
    public bool IsUnit { get; set; }

    /// <summary>A record, whose fields are the ones asked for.</summary>
    public bool IsRecord { get; set; }

    /// <summary>A record that is taken out of its unit.</summary>
    public bool IsInner { get; set; }

    public JsonPlace? Member(ReadOnlySpan<byte> name)
    {
        foreach (var (known, node) in _members)
        {
            if (name.SequenceEqual(known))
                return node;
        }

        return _anyMember;
    }

    public JsonPlace? Item(int index)
    {
        foreach (var (known, node) in _items)
        {
            if (known == index)
                return node;
        }

        return _anyItem;
    }

    public JsonPlace Add(JsonStep step)
    {
        switch (step.Kind)
        {
            case JsonStepKind.AnyMember:
                return _anyMember ??= new JsonPlace();
            case JsonStepKind.AnyItem:
                return _anyItem ??= new JsonPlace();
            case JsonStepKind.Item:
                var item = _items.Find(i => i.Index == step.Index).Node;
                if (item is null)
                    _items.Add((step.Index, item = new JsonPlace()));
                return item;
            default:
                var member = _members.Find(m => m.Name.AsSpan().SequenceEqual(step.Name)).Node;
                if (member is null)
                    _members.Add((step.Name, member = new JsonPlace()));
                return member;
        }
    }
}
