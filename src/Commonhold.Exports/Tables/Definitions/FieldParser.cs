using System.Text;
using System.Text.Json;
using Commonhold.Exports.Tables.Cells;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>Reads one field of a Frictionless Table Schema (v1).</summary>
internal static class FieldParser
{
    private const int MaxEnum = 256;

    public static FieldDefinition Read(Node node)
    {
        node.Only(
            "name", "title", "description", "type", "format", "constraints", "rdfType", "example",
            "trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber");
        var name = node.Get("name");
        if (name.Text(64).Length == 0 || name.Text().AsSpan().ContainsAny("\r\n\"") || name.Text() != name.Text().Trim())
            throw name.Refuse("must be a column's name: without quotes, line ends, or spaces around it");
        var type = Type(node);
        return new FieldDefinition(
            name.Text(), node.Find("title")?.Text(), node.Find("description")?.Text(), type,
            node.Find("constraints") is { } constraints ? Constraints(constraints, type) : FieldConstraints.None);
    }

    private static FieldType Type(Node node)
    {
        var name = node.Find("type")?.Text() ?? "string";
        var format = node.Find("format")?.Text() ?? "default";
        var refine = node.Find("format") ?? node;
        if (name is "geopoint" or "geojson")
            throw node.Get("type").Unsupported($"is {name}, which is not read");
        RefuseStrayOptions(node, name);
        return name switch
        {
            "string" when format == "default" => new TextType(name),
            "string" when FormattedTextType.Formats.Contains(format) => new FormattedTextType(format),
            "integer" when format == "default" => new IntegerType(IsBare(node), Char(node, "groupChar", 0)),
            "number" when format == "default" => Number(node),
            "boolean" when format == "default" => new BooleanType(Words(node, "trueValues"), Words(node, "falseValues")),
            "datetime" => new DateTimeType(Pattern(refine, format)),
            "date" => new DateType(Pattern(refine, format)),
            "time" => new TimeType(Pattern(refine, format)),
            "year" or "yearmonth" when format == "default" => new YearType(name == "yearmonth"),
            "duration" when format == "default" => new DurationType(),
            "object" or "array" when format == "default" => new JsonType(name),
            "any" when format == "default" => new TextType(name),
            "string" or "integer" or "number" or "boolean" or "year" or "yearmonth" or "duration" or "object" or "array" or "any" =>
                throw refine.Unsupported("is a format that is not read"),
            _ => throw node.Get("type").Refuse("is not a type of Table Schema"),
        };
    }

    // Table Schema gives these to single types; elsewhere they would be passed over unseen.
    private static void RefuseStrayOptions(Node node, string type)
    {
        foreach (var (option, types) in ((string, string)[])
            [("trueValues", "boolean"), ("falseValues", "boolean"), ("decimalChar", "number"), ("groupChar", "number integer"), ("bareNumber", "number integer")])
        {
            if (node.Find(option) is { } stray && !types.Split(' ').Contains(type))
                throw stray.Refuse($"means nothing for the type {type}");
        }
    }

    private static NumberType Number(Node node)
    {
        var (point, group) = (Char(node, "decimalChar", (byte)'.'), Char(node, "groupChar", 0));
        return point != group ? new NumberType(IsBare(node), point, group) : throw node.Refuse("has the same decimalChar and groupChar");
    }

    private static bool IsBare(Node node) => node.Find("bareNumber")?.Flag() ?? true;

    private static byte Char(Node node, string name, byte other)
    {
        if (node.Find(name) is not { } found)
            return other;
        var text = found.Text();
        return text.Length == 1 && text[0] < 0x80 && !char.IsAsciiLetterOrDigit(text[0]) && text[0] is not ('-' or '+')
            ? (byte)text[0]
            : throw found.Refuse("must be one character that cannot be part of a number");
    }

    private static List<byte[]>? Words(Node node, string name) =>
        node.Find(name)?.Items(32).Select(w => Encoding.UTF8.GetBytes(w.Text(256))).ToList();

    private static TimePattern? Pattern(Node node, string format)
    {
        if (format is "default" or "any")
            return null;
        var pattern = format.StartsWith("fmt:", StringComparison.Ordinal) ? format[4..] : format;
        return TimePattern.TryCreate(pattern) ?? throw node.Unsupported("has a directive that is not read");
    }

    private static FieldConstraints Constraints(Node node, FieldType type)
    {
        node.Only("required", "unique", "minimum", "maximum", "minLength", "maxLength", "pattern", "enum");
        var scratch = new CellScratch();
        var text = type.Name is "string" or "any" or "object" or "array";
        foreach (var name in (string[])["minLength", "maxLength"])
        {
            if (!text && node.Find(name) is { } length)
                throw length.Refuse($"means nothing for the type {type.Name}");
        }

        return new FieldConstraints(
            node.Find("required")?.Flag() ?? false,
            node.Find("unique")?.Flag() ?? false,
            (int?)node.Find("minLength")?.Number(0, int.MaxValue),
            (int?)node.Find("maxLength")?.Number(0, int.MaxValue),
            node.Find("minimum") is { } least ? ReadBound(least, type, scratch) : null,
            node.Find("maximum") is { } most ? ReadBound(most, type, scratch) : null,
            node.Find("pattern") is { } pattern ? FieldPattern.Create(pattern) : null,
            node.Find("enum")?.Items(MaxEnum).Select(item => PlainOf(item, type, scratch)).ToList());
    }

    private static Bound ReadBound(Node node, FieldType type, CellScratch scratch)
    {
        var plain = PlainOf(node, type, scratch);
        type.Plain.TryPlain(plain, scratch, out var cell);
        return type.Rank(cell) is { } rank
            ? new Bound(rank, Encoding.UTF8.GetString(plain))
            : throw node.Unsupported($"is a bound of the type {type.Name}, which has no order");
    }

    // A value in a descriptor is JSON of its type, or text as in a cell.
    private static byte[] PlainOf(Node node, FieldType type, CellScratch scratch)
    {
        var text = node.Element.ValueKind == JsonValueKind.String ? node.Text() : node.Element.GetRawText();
        var bytes = Encoding.UTF8.GetBytes(text);
        if (!type.TryPlain(bytes, scratch, out var cell) && !type.Plain.TryPlain(bytes, scratch, out cell))
            throw node.Refuse($"is not of the type {type.Name}");
        return cell.Text.ToArray();
    }
}
