using System.Text;
using Commonhold.Exports.Sources;
using Commonhold.Exports.Tables.Transforms;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>Reads one of a format's <c>sources</c>.</summary>
internal sealed class SourceParser(IReadOnlyList<TableDefinition> tables)
{
    private readonly List<string> _fields = [];

    public static SourceDefinition Read(Node node, IReadOnlyList<TableDefinition> tables) => new SourceParser(tables).Read(node);

    private SourceDefinition Read(Node node)
    {
        node.Only("table", "account", "files", "reader", "records", "requires", "confidence", "map", "skip", "private", "delimiter");
        var account = node.Find("account");
        if (account is null == node.Find("table") is null)
            throw node.Refuse("must have either 'table' or 'account'");
        var table = account is null ? TablePlace(node.Get("table")) : -1;
        var confidence = node.Find("confidence")?.OneOf("confirmed", "compatible", "provisional") switch
        {
            "confirmed" => FormatConfidence.Confirmed,
            "compatible" => FormatConfidence.Compatible,
            _ => FormatConfidence.Provisional,
        };
        var requires = node.Get("requires").Items(16).Select(r => FieldPlace(r.Text())).ToList();
        if (requires.Count == 0)
            throw node.Get("requires").Refuse("must name a field: nothing else tells this form from others");
        var source = new SourceDefinition(
            table,
            FilePattern.Create(node.Get("files")),
            node.Get("reader").OneOf([.. RecordReaders.Names]),
            node.Find("records")?.Text() ?? "",
            confidence,
            _fields,
            requires,
            table >= 0 ? Map(node.Get("map"), tables[table]) : [],
            account is { } members ? Account(members) : null,
            [.. node.Find("skip")?.Items(32).Select(c => Condition.Read(c, f => FieldPlace(f.Text()), hasReason: true)) ?? []],
            (node.Find("private")?.Members(256) ?? []).ToDictionary(p => p.Name, p => p.Value.Text(), StringComparer.Ordinal));
        return RecordReaders.Fault(source.Reader, new RecordSelection(source.Records, source.Fields)) is { } fault
            ? throw node.Refuse($"asks its reader for what that cannot read: {fault}")
            : source;
    }

    private int TablePlace(Node node)
    {
        for (var i = 0; i < tables.Count; i++)
        {
            if (tables[i].Name == node.Text())
                return i;
        }

        throw node.Refuse("is not a table of this format");
    }

    private int FieldPlace(string name)
    {
        var at = _fields.IndexOf(name);
        if (at >= 0)
            return at;
        _fields.Add(name);
        return _fields.Count - 1;
    }

    private List<MapEntry?> Map(Node node, TableDefinition table)
    {
        var map = new List<MapEntry?>(new MapEntry?[table.Fields.Count]);
        foreach (var (name, entry) in node.Members(64))
        {
            var at = table.IndexOf(name);
            map[at >= 0 ? at : throw entry.Refuse($"is not a field of the table '{table.Name}'")] = Entry(entry);
        }

        for (var i = 0; i < map.Count; i++)
        {
            if (map[i] is null && table.Fields[i].Constraints.IsRequired)
                throw node.Refuse($"has nothing for '{table.Fields[i].Name}', which is required");
        }

        return map;
    }

    private AccountMap Account(Node node)
    {
        node.Only("id", "registeredAt", "exportedAt");
        MapEntry? EntryOf(string name) => node.Find(name) is { } entry ? Entry(entry) : null;
        return new AccountMap(EntryOf("id"), EntryOf("registeredAt"), EntryOf("exportedAt"));
    }

    private MapEntry Entry(Node node)
    {
        if (node.Element.ValueKind == System.Text.Json.JsonValueKind.String)
            return new MapEntry([FieldPlace(node.Text())], [], OnInvalid.Refuse, null);
        node.Only("from", "as", "onInvalid", "value");
        if (node.Find("value") is { } value)
            return node.Members(4).Count == 1 ? new MapEntry([], [], OnInvalid.Refuse, Encoding.UTF8.GetBytes(value.Text()))
                : throw node.Refuse("has a value and more");
        var from = node.Get("from").Texts(8).Select(FieldPlace).ToList();
        if (from.Count == 0)
            throw node.Get("from").Refuse("names no field");
        return new MapEntry(
            from,
            [.. node.Find("as")?.Items(8).Select(t => TransformList.Find(t.Text()) ?? throw t.Refuse("is not a transform that is known")) ?? []],
            node.Find("onInvalid")?.OneOf("refuse", "skip", "empty") switch { "skip" => OnInvalid.Skip, "empty" => OnInvalid.Empty, _ => OnInvalid.Refuse },
            null);
    }
}
