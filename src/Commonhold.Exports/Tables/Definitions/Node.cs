using System.Text.Json;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>A place in a definition, read strictly: what is not known is refused with its path, never passed over.</summary>
internal readonly struct Node(JsonElement element, string path)
{
    public string Path => path;

    public JsonElement Element => element;

    /// <summary>Parses a definition; refuses what is too large, too deep, no JSON, or names a member twice.</summary>
    public static Node Parse(ReadOnlySpan<byte> json, int maxBytes)
    {
        if (json.Length > maxBytes)
            throw new ExportRefusedException(
                "descriptor.too_large", $"The descriptor has {json.Length:N0} bytes; the limit is {maxBytes:N0}.", "Leave out what members need not know.");
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false };
            using var document = JsonDocument.Parse(json.ToArray(), options);
            RequireText(document.RootElement);
            return new Node(document.RootElement.Clone(), "$").Object();
        }
        catch (InvalidOperationException)
        {
            throw Invalid("$", "holds text that is not Unicode");
        }
        catch (JsonException broken)
        {
            throw Invalid("$", $"is not JSON, or names a member twice (line {broken.LineNumber + 1})");
        }
    }

    // JSON lets through bytes that are not UTF-8, and escapes that are half a character, until somebody asks for the text.
    private static void RequireText(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            _ = element.GetString();
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                RequireText(item);
        }

        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in element.EnumerateObject())
        {
            _ = member.Name;
            RequireText(member.Value);
        }
    }

    /// <summary>This node, which must be an object with no other members than these.</summary>
    public Node Only(params ReadOnlySpan<string> known)
    {
        foreach (var member in Object().Element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                throw new Node(default, $"{path}.{Shown(member.Name)}").Refuse("is not a member that is known here");
        }

        return this;
    }

    public Node Object() => element.ValueKind == JsonValueKind.Object ? this : throw Refuse("must be an object");

    public Node? Find(string name) =>
        element.TryGetProperty(name, out var value) ? new Node(value, $"{path}.{name}") : null;

    public Node Get(string name) => Find(name) ?? throw Refuse($"must have a member '{name}'");

    public IReadOnlyList<(string Name, Node Value)> Members(int most)
    {
        var members = new List<(string, Node)>();
        foreach (var member in Object().Element.EnumerateObject())
            members.Add((member.Name, new Node(member.Value, $"{path}.{Shown(member.Name)}")));
        return members.Count <= most ? members : throw Refuse($"has {members.Count} members; the limit is {most}");
    }

    public IReadOnlyList<Node> Items(int most)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Refuse("must be an array");
        if (element.GetArrayLength() > most)
            throw Refuse($"has {element.GetArrayLength()} items; the limit is {most}");
        var items = new List<Node>();
        foreach (var item in element.EnumerateArray())
            items.Add(new Node(item, $"{path}[{items.Count}]"));
        return items;
    }

    /// <summary>One text, or several in an array.</summary>
    public IReadOnlyList<string> Texts(int most)
    {
        if (element.ValueKind == JsonValueKind.String)
            return [Text()];
        return [.. Items(most).Select(i => i.Text())];
    }

    public string Text(int most = 4096)
    {
        if (element.ValueKind != JsonValueKind.String)
            throw Refuse("must be a text");
        var text = element.GetString()!;
        return text.Length <= most && !text.Contains('\0', StringComparison.Ordinal) ? text : throw Refuse($"must be a text of at most {most} characters, without NUL");
    }

    public long Number(long least, long most) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) && value >= least && value <= most
            ? value
            : throw Refuse($"must be a whole number from {least:N0} to {most:N0}");

    public bool Flag() => element.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? element.GetBoolean()
        : throw Refuse("must be true or false");

    /// <summary>The place of a text among those that are allowed.</summary>
    public string OneOf(params ReadOnlySpan<string> known)
    {
        var text = Text();
        return known.Contains(text) ? text : throw Refuse($"must be one of {string.Join(", ", known!)}, and not '{Shown(text)}'");
    }

    public ExportRefusedException Refuse(string what) => Invalid(path, what);

    public ExportRefusedException Unsupported(string what) => new(
        "descriptor.unsupported", $"{path} {what}.", "Leave it out, or describe the table another way: see docs/formats.md.");

    private static ExportRefusedException Invalid(string where, string what) => new(
        "descriptor.invalid", $"{where} {what}.", "See docs/formats.md for what a descriptor may say.");

    private static string Shown(string name) => Zip.ZipFormat.Show(System.Text.Encoding.UTF8.GetBytes(name)).Trim('\'');
}
