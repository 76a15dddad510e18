namespace Commonhold.Exports.Tables.Definitions;

/// <summary>A format as data: the tables of its cleaned form, and the provider's forms that fill them.</summary>
/// <param name="Schema">The package's name: <c>netflix-history-v1</c>.</param>
/// <param name="Format">Short and stable: <c>netflix</c>.</param>
/// <param name="Platform">In account nullifiers: never changed.</param>
internal sealed record FormatDefinition(
    string Schema,
    string Title,
    string Format,
    string Platform,
    string PlaceWord,
    IReadOnlyList<TableDefinition> Tables,
    IReadOnlyList<SourceDefinition> Sources,
    IReadOnlyList<LeftOutFile> LeftOut)
{
    /// <summary>Whether its exports say whose they are: then one that does not is incomplete.</summary>
    public bool NamesAccount { get; } = Sources.Any(s => s.Account?.Id is not null);

    /// <summary>A dataset's own schema.</summary>
    public bool IsGeneric { get; private init; }

    /// <summary>The files that are looked for, in words.</summary>
    public string LookedFor => string.Join("; ", Sources.Where(s => s.Table >= 0)
        .Select(s => $"{s.Files.Text} with {string.Join(", ", s.Requires.Select(r => s.Fields[r]))}").Distinct().Take(6));

    private const int MaxTables = 32;
    private const int MaxDefinitionBytes = 256 << 10;

    /// <summary>Bytes of a descriptor that a DAO may put into its policy.</summary>
    public const int MaxDescriptorBytes = 64 << 10;

    /// <summary>Reads a format of ours, <c>format.json</c>.</summary>
    public static FormatDefinition Parse(ReadOnlySpan<byte> json)
    {
        var root = Node.Parse(json, MaxDefinitionBytes).Only("profile", "name", "title", "description", "resources", "commonhold");
        var ours = root.Get("commonhold").Only("format", "platform", "placeWord", "sources", "leftOut");
        var tables = Resources(root);
        var format = Name(ours.Get("format"));
        return new FormatDefinition(
            Name(root.Get("name")), root.Get("title").Text(), format,
            ours.Find("platform") is { } platform ? Name(platform) : format,
            ours.Find("placeWord")?.Text() ?? "places",
            tables,
            [.. ours.Get("sources").Items(64).Select(s => SourceParser.Read(s, tables))],
            [.. ours.Find("leftOut")?.Items(256).Select(l => new LeftOutFile(
                FilePattern.Create(l.Only("files", "because").Get("files")), l.Get("because").Text())) ?? []]);
    }

    /// <summary>Reads a dataset's own descriptor, which a DAO's vote wrote and so is hostile; its sources are CSV and JSON Lines files
    /// named like the resources.</summary>
    public static FormatDefinition ParseDescriptor(string schema, ReadOnlySpan<byte> json)
    {
        var root = Node.Parse(json, MaxDescriptorBytes).Only(
            "profile", "name", "id", "title", "description", "version", "homepage", "created", "keywords", "licenses", "contributors", "image", "sources",
            "resources", "commonhold", "$schema");
        var name = Name(root.Get("name"));
        if (name != schema)
            throw root.Get("name").Refuse($"is '{name}', but the dataset's schema is '{schema}'");
        var ours = root.Find("commonhold")?.Only("placeWord");
        var tables = Resources(root);
        return new FormatDefinition(
            name, root.Find("title")?.Text() ?? name, name, name, ours?.Find("placeWord")?.Text(64) ?? "places",
            tables, GenericSources.For(tables), [])
        {
            IsGeneric = true,
        };
    }

    private static IReadOnlyList<TableDefinition> Resources(Node root)
    {
        if (root.Find("profile") is { } profile && profile.Text() is not ("tabular-data-package" or "data-package"))
            throw profile.Unsupported("is not a profile of tables");
        var tables = new List<TableDefinition>();
        foreach (var resource in root.Get("resources").Items(MaxTables))
        {
            var table = TableParser.Read(resource, tables.Count + 1);
            if (tables.Exists(t => t.Name == table.Name || t.Kind.Code == table.Kind.Code))
                throw resource.Refuse($"has the name '{table.Name}' or the code {table.Kind.Code} of another");
            tables.Add(table);
        }

        return tables.Count > 0 ? tables : throw root.Get("resources").Refuse("has no table");
    }

    private static string Name(Node node)
    {
        var name = node.Text(64);
        return name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.')
            ? name
            : throw node.Refuse("must be of small letters, digits, '.', '-' and '_'");
    }
}
