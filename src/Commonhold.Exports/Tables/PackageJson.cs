using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Commonhold.Exports.Tables.Cells;
using Commonhold.Exports.Tables.Definitions;

namespace Commonhold.Exports.Tables;

/// <summary><c>datapackage.json</c> of the cleaned form: which tables are there, whose they are, and what their columns mean.</summary>
/// <remarks>It says of each table what the definition says and nothing else; a reader holds it to that, so that it cannot carry
/// anything of its own.</remarks>
internal static class PackageJson
{
    public const string FileName = "datapackage.json";
    private const int MaxBytes = 512 << 10;

    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(FormatDefinition format, IReadOnlyList<TableDefinition> tables, ExportAccount account)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("profile", "tabular-data-package");
            json.WriteString("name", format.Schema);
            json.WriteString("title", format.Title);
            json.WriteStartArray("resources");
            foreach (var table in tables)
                WriteResource(json, table);
            json.WriteEndArray();
            json.WriteStartObject("commonhold");
            json.WriteString("form", "cleaned");
            json.WriteStartObject("account");
            json.WriteString("platform", account.Platform);
            if (account.Id is not null)
                json.WriteString("id", account.Id);
            WriteTime(json, "registeredAt", account.RegisteredAt);
            WriteTime(json, "exportedAt", account.ExportedAt);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    /// <summary>The name of the package when it is in cleaned form; null when it is another's package, or none.</summary>
    public static string? CleanedSchema(ExportSource export)
    {
        if (!export.IsArchive || export.Find(FileName) is not { } entry || entry.Size > MaxBytes)
            return null;
        try
        {
            using var document = JsonDocument.Parse(export.Peek(entry, MaxBytes));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("commonhold", out var ours) && ours.ValueKind == JsonValueKind.Object
                && ours.TryGetProperty("form", out var form) && form.ValueKind == JsonValueKind.String && form.ValueEquals("cleaned")
                && document.RootElement.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
                ? name.GetString() : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; whatever it would not write is refused.</summary>
    public static (IReadOnlyList<TableDefinition> Tables, ExportAccount Account) Read(FormatDefinition format, ReadOnlySpan<byte> json)
    {
        try
        {
            var root = Node.Parse(json, MaxBytes).Only("profile", "name", "title", "resources", "commonhold");
            root.Get("profile").OneOf("tabular-data-package");
            root.Get("name").OneOf(format.Schema);
            root.Get("title").Text();
            var tables = root.Get("resources").Items(format.Tables.Count).Select(r => Table(format, r)).ToList();
            if (tables.Count == 0 || tables.Distinct().Count() != tables.Count)
                throw root.Get("resources").Refuse("must name tables, each once");
            var ours = root.Get("commonhold").Only("form", "account");
            ours.Get("form").OneOf("cleaned");
            var account = ours.Get("account").Only("platform", "id", "registeredAt", "exportedAt");
            account.Get("platform").OneOf(format.Platform);
            return (tables, new ExportAccount(
                format.Platform, account.Find("id") is { } id ? Id(id) : null, Time(account, "registeredAt"), Time(account, "exportedAt")));
        }
        catch (ExportRefusedException refused)
        {
            throw new ExportRefusedException(
                "export.package_invalid", $"{FileName}: {refused.Refusal.Detail}", "Clean the export again with this version of the program.");
        }
    }

    private static TableDefinition Table(FormatDefinition format, Node node)
    {
        var name = node.Object().Get("name");
        var table = format.Tables.FirstOrDefault(t => t.Name == name.Text()) ?? throw name.Refuse("is not a table of this schema");
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
            WriteResource(json, table);
        using var expected = JsonDocument.Parse(bytes.ToArray());
        return JsonElement.DeepEquals(expected.RootElement, node.Element) ? table
            : throw node.Refuse($"describes the table '{table.Name}' otherwise than the schema does");
    }

    private static string Id(Node node)
    {
        var id = node.Text(256);
        return id.Length > 0 && id == id.Trim() && !id.Any(char.IsControl) ? id : throw node.Refuse("is not an account's id");
    }

    private static DateTimeOffset? Time(Node account, string name)
    {
        if (account.Find(name) is not { } node)
            return null;
        var text = Encoding.UTF8.GetBytes(node.Text(64));
        var scratch = new CellScratch();
        return new DateTimeType().TryPlain(text, scratch, out var plain) && plain.Text.SequenceEqual(text)
            ? new DateTimeOffset(plain.Ticks, TimeSpan.Zero)
            : throw node.Refuse("is not a moment in UTC");
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is not { } at)
            return;
        Span<byte> text = stackalloc byte[32];
        json.WriteString(name, text[..Moment.Write(at.UtcTicks, text)]);
    }

    private static void WriteResource(Utf8JsonWriter json, TableDefinition table)
    {
        json.WriteStartObject();
        json.WriteString("name", table.Name);
        json.WriteString("path", table.FileName);
        json.WriteString("profile", "tabular-data-resource");
        json.WriteString("encoding", "utf-8");
        json.WriteStartObject("schema");
        json.WriteStartArray("fields");
        foreach (var field in table.Fields)
            WriteField(json, field);
        json.WriteEndArray();
        json.WriteStartArray("primaryKey");
        foreach (var key in table.Key)
            json.WriteStringValue(table.Fields[key].Name);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, FieldDefinition field)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        json.WriteString("type", field.Type.Name);
        if (field.Type.PlainFormat is { } format)
            json.WriteString("format", format);
        if (!ReferenceEquals(field.Constraints, FieldConstraints.None))
            WriteConstraints(json, field);
        json.WriteEndObject();
    }

    private static void WriteConstraints(Utf8JsonWriter json, FieldDefinition field)
    {
        var constraints = field.Constraints;
        json.WriteStartObject("constraints");
        if (constraints.IsRequired)
            json.WriteBoolean("required", true);
        if (constraints.IsUnique)
            json.WriteBoolean("unique", true);
        if (constraints.MinLength is { } minLength)
            json.WriteNumber("minLength", minLength);
        if (constraints.MaxLength is { } maxLength)
            json.WriteNumber("maxLength", maxLength);
        if (constraints.Minimum is { } minimum)
            WriteValue(json, "minimum", field, Encoding.UTF8.GetBytes(minimum.Text));
        if (constraints.Maximum is { } maximum)
            WriteValue(json, "maximum", field, Encoding.UTF8.GetBytes(maximum.Text));
        if (constraints.Pattern is { } pattern)
            json.WriteString("pattern", pattern.Text);
        if (constraints.Enum is { } values)
        {
            json.WriteStartArray("enum");
            foreach (var value in values)
                WriteValue(json, null, field, value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    // Numbers and booleans as JSON's own, everything else as text.
    private static void WriteValue(Utf8JsonWriter json, string? name, FieldDefinition field, byte[] plain)
    {
        if (name is not null)
            json.WritePropertyName(name);
        if (field.Type.Name is "boolean" or "integer" || (field.Type.Name == "number" && !plain.AsSpan().ContainsAny("NI"u8)))
            json.WriteRawValue(plain);
        else
            json.WriteStringValue(plain);
    }
}
