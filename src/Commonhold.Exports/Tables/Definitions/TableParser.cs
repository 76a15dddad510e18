using System.Text;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>Reads one resource of a package: a Frictionless Table Schema with our <c>commonhold</c> members.</summary>
internal static class TableParser
{
    private const int MaxFields = 64;
    private const long MaxWeight = 1_000_000_000;

    /// <param name="number">Of the resource, from 1: its code unless it names one.</param>
    public static TableDefinition Read(Node node, int number)
    {
        node.Only(
            "name", "path", "profile", "title", "description", "format", "mediatype", "encoding", "bytes", "hash", "sources", "licenses",
            "schema", "dialect", "commonhold");
        CheckPlain(node);
        var name = Name(node.Get("name"));
        var schema = node.Get("schema").Only("fields", "primaryKey", "missingValues", "foreignKeys", "title", "description", "name");
        if (schema.Find("foreignKeys") is { } foreign)
            throw foreign.Unsupported("refers to other tables, which is not checked");
        var fields = schema.Get("fields").Items(MaxFields).Select(FieldParser.Read).ToList();
        if (fields.Count == 0)
            throw schema.Get("fields").Refuse("has no field");
        if (fields.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw schema.Get("fields").Refuse($"names '{twice.Key}' twice");

        int PlaceOf(Node field)
        {
            var at = fields.FindIndex(f => f.Name == field.Text());
            return at >= 0 ? at : throw field.Refuse("is not a field of this table");
        }

        var key = Key(schema, fields, PlaceOf);
        var ours = (node.Find("commonhold") ?? new Node(Empty, node.Path + ".commonhold"))
            .Only("code", "weight", "scope", "time", "place", "keyAs", "quality", "text", "idNumber", "idTime");
        var kind = new RecordKind(
            name, (byte)(ours.Find("code")?.Number(1, 255) ?? number), ours.Find("weight")?.Number(0, MaxWeight) ?? 1_000_000, Scope(ours));
        return new TableDefinition(
            name, node.Find("title")?.Text(), kind, fields, key, KeyForms(ours, key, fields, PlaceOf), Time(ours, fields, PlaceOf),
            Place(ours, PlaceOf), Quality(ours, PlaceOf), Places(ours.Find("text"), PlaceOf), IdNumber(ours, fields, PlaceOf),
            [.. (schema.Find("missingValues")?.Texts(32) ?? [""]).Select(Encoding.UTF8.GetBytes)], Delimiter(node),
            ours.Find("idTime") is { } idTime ? IdTimeRule.Read(idTime, PlaceOf) : null);
    }

    private static readonly System.Text.Json.JsonElement Empty = System.Text.Json.JsonDocument.Parse("{}").RootElement.Clone();

    private static void CheckPlain(Node node)
    {
        if (node.Find("path") is { } path && (path.Texts(1) is not [var file] || file.Contains("://", StringComparison.Ordinal)
            || file.StartsWith('/') || file.Contains("..", StringComparison.Ordinal)))
            throw path.Unsupported("must be the path of one file in the package");
        if (node.Find("encoding") is { } encoding && !encoding.Text().Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw encoding.Unsupported("is not UTF-8");
        if (node.Find("profile") is { } profile && profile.Text() is not ("tabular-data-resource" or "data-resource"))
            throw profile.Unsupported("is not a profile of tables");
        if (node.Find("format") is { } format && format.Text() is not ("csv" or "jsonl" or "ndjson"))
            throw format.Unsupported("is neither csv nor jsonl");
    }

    // The name is a file's name in the cleaned form.
    private static string Name(Node node)
    {
        var name = node.Text(64);
        return name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && !name.Contains("..", StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.')
            ? name
            : throw node.Refuse("must be of small letters, digits, '.', '-' and '_', as the specification says");
    }

    private static byte Delimiter(Node node)
    {
        if (node.Find("dialect") is not { } dialect)
            return (byte)',';
        dialect.Only("delimiter", "lineTerminator", "quoteChar", "doubleQuote", "header", "skipInitialSpace", "caseSensitiveHeader", "csvddfVersion", "commentChar");
        if (dialect.Find("quoteChar") is { } quote && quote.Text() != "\"")
            throw quote.Unsupported("is not the double quote");
        if (dialect.Find("doubleQuote")?.Flag() == false || dialect.Find("header")?.Flag() == false)
            throw dialect.Unsupported("must have a header and doubled quotes");
        if (dialect.Find("skipInitialSpace")?.Flag() == true || dialect.Find("commentChar") is not null)
            throw dialect.Unsupported("has skipInitialSpace or commentChar, which are not read");
        if (dialect.Find("delimiter") is not { } delimiter)
            return (byte)',';
        return delimiter.Text() is [',' or ';' or '\t' or '|' or ':' or ' ' or '~' or '^'] ? (byte)delimiter.Text()[0]
            : throw delimiter.Unsupported("is not a delimiter that is read");
    }

    private static List<int> Key(Node schema, List<FieldDefinition> fields, Func<Node, int> placeOf)
    {
        if (schema.Find("primaryKey") is not { } key)
            return [.. Enumerable.Range(0, fields.Count)];
        List<int> places = key.Element.ValueKind == System.Text.Json.JsonValueKind.String ? [placeOf(key)] : [.. key.Items(16).Select(placeOf)];
        return places.Count > 0 && places.Distinct().Count() == places.Count ? places : throw key.Refuse("must name fields, each once");
    }

    private static RowScope Scope(Node ours) => ours.Find("scope")?.OneOf("own", "history", "authored") switch
    {
        "history" => RowScope.History,
        "authored" => RowScope.Authored,
        _ => RowScope.Own,
    };

    private static List<KeyForm> KeyForms(Node ours, List<int> key, List<FieldDefinition> fields, Func<Node, int> placeOf)
    {
        var forms = key.ConvertAll(_ => KeyForm.Value);
        if (ours.Find("keyAs") is not { } keyAs)
            return forms;
        foreach (var (name, form) in keyAs.Members(16))
        {
            var at = key.IndexOf(placeOf(new Node(System.Text.Json.JsonSerializer.SerializeToElement(name), form.Path)));
            if (at < 0)
                throw form.Refuse("is not a field of the key");
            forms[at] = form.OneOf("lower", "seconds", "minutes") switch
            {
                "lower" => KeyForm.Lower,
                "seconds" => KeyForm.Seconds,
                _ => KeyForm.Minutes,
            };
            if (forms[at] != KeyForm.Lower && fields[key[at]].Type.Name != "datetime")
                throw form.Refuse("is not a datetime");
        }

        return forms;
    }

    private static int Time(Node ours, List<FieldDefinition> fields, Func<Node, int> placeOf)
    {
        if (ours.Find("time") is not { } time)
            return fields.FindIndex(f => f.Type.Name == "datetime" && f.Constraints.IsRequired);
        var at = placeOf(time);
        return fields[at].Type.Name is "datetime" or "date" ? at : throw time.Refuse("must be a datetime or a date");
    }

    private static PlaceRule? Place(Node ours, Func<Node, int> placeOf) =>
        ours.Find("place")?.Only("field", "as") is { } place
            ? new PlaceRule(placeOf(place.Get("field")), place.Find("as")?.OneOf("value", "domain") == "domain")
            : null;

    private static QualityRule Quality(Node ours, Func<Node, int> placeOf)
    {
        if (ours.Find("quality") is not { } quality)
            return new QualityRule(byte.MaxValue, [], []);
        quality.Only("flat", "text", "zeroIf");
        var text = Places(quality.Find("text"), placeOf);
        return new QualityRule(
            (byte)(quality.Find("flat")?.Number(0, 255) ?? (text.Count == 0 ? 255 : 0)),
            text,
            [.. quality.Find("zeroIf")?.Items(16).Select(c => Condition.Read(c, placeOf, hasReason: false)) ?? []]);
    }

    private static List<int> Places(Node? node, Func<Node, int> placeOf) => node is { } some ? [.. some.Items(8).Select(placeOf)] : [];

    private static int IdNumber(Node ours, List<FieldDefinition> fields, Func<Node, int> placeOf)
    {
        if (ours.Find("idNumber") is not { } id)
            return -1;
        var at = placeOf(id);
        return fields[at].Type.Name is "integer" or "string" ? at : throw id.Refuse("must be an integer, or a string of digits");
    }
}
