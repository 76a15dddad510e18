using System.Globalization;
using System.Text.Json.Nodes;
using Commonhold.Exports;

namespace Commonhold.Server.Catalogue;

/// <summary>The dataset in MLCommons Croissant 1.1 (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html): what it is, how access
/// comes about, and which tables and columns a grant opens.</summary>
/// <remarks>The files are described as a grant opens them: an archive that the buyer's own machine writes. Its address is where access is asked
/// for, since the content stands nowhere in the open.</remarks>
internal static class CroissantDocument
{
    public const string Version = "http://mlcommons.org/croissant/1.1";
    public const string MediaType = $"application/ld+json; profile=\"{Version}\"";

    private const string Archive = "grant.zip";
    private const string Contributions = "contributions";

    public static JsonObject Of(CatalogueModel model)
    {
        var names = model.Names;
        var since = model.Size.FirstAt ?? 0;
        var document = new JsonObject
        {
            ["@context"] = Context(),
            ["@type"] = "sc:Dataset",
            ["@id"] = $"{names.Address}/catalogue",
            ["conformsTo"] = Version,
            ["name"] = names.Name,
            ["description"] = CatalogueWords.Description(model),
            ["url"] = $"{names.Address}/catalogue",
            ["license"] = $"{names.Address}/catalogue#licence",
            ["creator"] = Owner(names),
            ["publisher"] = Owner(names),
            ["datePublished"] = Date(since),
            ["dateModified"] = Date(model.Size.LastAt ?? since),
            ["version"] = "1.0.0",
            ["isLiveDataset"] = true,
            ["isAccessibleForFree"] = false,
            ["conditionsOfAccess"] = CatalogueWords.Conditions(names),
            ["identifier"] = Identifier(names),
            ["keywords"] = new JsonArray("data DAO", "user-contributed", "encrypted", names.SchemaName),
            ["citeAs"] = $"@misc{{commonhold_{names.Contracts.Dao.ToString()[2..10].ToLowerInvariant()}, title = {{{Braceless(names.Name)}}}, "
                + $"author = {{{{The members of {Braceless(names.Name)}}}}}, year = {{{Year(since)}}}, howpublished = {{\\url{{{names.Address}/catalogue}}}}, note = {{{Identifier(names)}}}}}",
            ["distribution"] = Distribution(model),
        };
        if (model.Format is { } described)
            document["recordSet"] = new JsonArray([.. described.Format.Tables.Select(table => RecordSet(table, described.Samples.FirstOrDefault(s => s.Table == table.Name)))]);
        return document;
    }

    private static JsonArray Distribution(CatalogueModel model) =>
    [
        new JsonObject
        {
            ["@type"] = "cr:FileObject",
            ["@id"] = Archive,
            ["name"] = Archive,
            ["description"] = "What a grant opens, as the buyer's own machine writes it. There is no download: ask at this address, and the members vote.",
            ["contentUrl"] = $"{model.Names.Address}/requests/new",
            ["contentSize"] = $"{model.Size.Bytes.ToString(CultureInfo.InvariantCulture)} B",
            ["encodingFormat"] = "application/zip",
        },
        new JsonObject
        {
            ["@type"] = "cr:FileSet",
            ["@id"] = Contributions,
            ["name"] = Contributions,
            ["description"] = "One archive for each contribution in the grant's scope that was not withdrawn.",
            ["containedIn"] = Reference(Archive),
            ["encodingFormat"] = "application/zip",
            ["includes"] = "batch-*/*.zip",
        },
        .. (model.Format?.Format.Tables ?? []).Select(table => new JsonObject
        {
            ["@type"] = "cr:FileSet",
            ["@id"] = FilesOf(table),
            ["name"] = table.FileName,
            ["description"] = $"{table.FileName} of every contribution that has one.",
            ["containedIn"] = Reference(Contributions),
            ["encodingFormat"] = "text/csv",
            ["includes"] = table.FileName,
        }),
    ];

    private static JsonObject RecordSet(TableDescription table, TableSample? sample)
    {
        var set = new JsonObject
        {
            ["@type"] = "cr:RecordSet",
            ["@id"] = table.Name,
            ["name"] = table.Name,
            ["description"] = table.Title ?? $"Rows of {table.FileName}, one archive after the other.",
        };
        if (table.Key.Count > 0)
            set["key"] = new JsonArray([.. table.Key.Select(column => Reference(FieldOf(table, column)))]);
        set["field"] = new JsonArray([.. table.Columns.Select(column => new JsonObject
        {
            ["@type"] = "cr:Field",
            ["@id"] = FieldOf(table, column.Name),
            ["name"] = column.Name,
            ["description"] = column.Title ?? $"The column {column.Name} of {table.FileName}.",
            ["dataType"] = DataType(column.Type),
            ["source"] = new JsonObject
            {
                ["fileSet"] = Reference(FilesOf(table)),
                ["extract"] = new JsonObject { ["column"] = column.Name },
            },
        })]);
        if (sample is not null)
            set["examples"] = new JsonArray([.. sample.Rows.Select(row => Example(table, sample, row))]);
        return set;
    }

    /// <summary>A made-up record, by the ids of its fields.</summary>
    private static JsonObject Example(TableDescription table, TableSample sample, IReadOnlyList<string> row)
    {
        var example = new JsonObject();
        for (var i = 0; i < row.Count; i++)
            example[FieldOf(table, sample.Columns[i])] = row[i];
        return example;
    }

    private static string DataType(string type) => type switch
    {
        "integer" or "year" => "sc:Integer",
        "number" => "sc:Float",
        "boolean" => "sc:Boolean",
        "datetime" => "sc:DateTime",
        "date" => "sc:Date",
        "time" => "sc:Time",
        _ => "sc:Text",
    };

    private static JsonObject Owner(CatalogueNames names) => new()
    {
        ["@type"] = "sc:Organization", ["name"] = $"The members of {names.Name}", ["url"] = $"{names.Address}/", ["identifier"] = Identifier(names),
    };

    // CAIP-10: an account on a chain.
    private static string Identifier(CatalogueNames names) => $"eip155:{names.ChainId.ToString(CultureInfo.InvariantCulture)}:{names.Contracts.Dao}";

    private static JsonObject Reference(string id) => new() { ["@id"] = id };

    private static string FilesOf(TableDescription table) => $"{table.Name}-files";

    private static string FieldOf(TableDescription table, string column) => $"{table.Name}/{column}";

    private static string Braceless(string text) => text.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);

    internal static string Date(long unix) => DateTimeOffset.FromUnixTimeSeconds(unix).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Year(long unix) => DateTimeOffset.FromUnixTimeSeconds(unix).ToString("yyyy", CultureInfo.InvariantCulture);

    /// <summary>The specification's appendix 1.</summary>
    private static JsonObject Context()
    {
        var context = new JsonObject
        {
            ["@language"] = "en",
            ["@vocab"] = "http://schema.org/",
            ["sc"] = "http://schema.org/",
            ["cr"] = "http://mlcommons.org/croissant/",
            ["rai"] = "http://mlcommons.org/croissant/RAI/",
            ["dct"] = "http://purl.org/dc/terms/",
            ["conformsTo"] = "dct:conformsTo",
            ["data"] = new JsonObject { ["@id"] = "cr:data", ["@type"] = "@json" },
            ["dataType"] = new JsonObject { ["@id"] = "cr:dataType", ["@type"] = "@vocab" },
            ["examples"] = new JsonObject { ["@id"] = "cr:examples", ["@type"] = "@json" },
        };
        foreach (var term in (string[])
        [
            "annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "excludes", "extract", "field", "fileProperty", "fileObject", "fileSet",
            "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "recordSet", "references", "regex", "readLines", "sdVersion",
            "separator", "source", "subField", "transform", "unArchive", "value",
        ])
            context[term] = $"cr:{term}";
        return context;
    }
}
