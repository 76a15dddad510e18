using System.Globalization;
using System.Text.Json.Nodes;

namespace Commonhold.Server.Catalogue;

/// <summary>The dataset in DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/), for catalogues of data.</summary>
internal static class DcatDocument
{
    public const string MediaType = "application/ld+json";

    public static JsonObject Of(CatalogueModel model)
    {
        var names = model.Names;
        var page = $"{names.Address}/catalogue";
        var dataset = new JsonObject
        {
            ["@id"] = $"{page}#dataset",
            ["@type"] = "dcat:Dataset",
            ["dct:title"] = names.Name,
            ["dct:description"] = CatalogueWords.Description(model),
            ["dct:identifier"] = $"eip155:{names.ChainId.ToString(CultureInfo.InvariantCulture)}:{names.Contracts.Dao}",
            ["dct:publisher"] = Id($"{page}#owners"),
            ["dct:creator"] = Id($"{page}#owners"),
            ["dct:license"] = Id($"{page}#licence"),
            // The European Union's list of access rights, which DCAT profiles refer to.
            ["dct:accessRights"] = Id("http://publications.europa.eu/resource/authority/access-right/RESTRICTED"),
            ["dct:accrualPeriodicity"] = Id("http://purl.org/cld/freq/continuous"),
            ["dcat:keyword"] = new JsonArray("data DAO", "user-contributed", "encrypted", names.SchemaName),
            ["dcat:landingPage"] = Id(page),
            ["dcat:version"] = "1.0.0",
            ["dcat:distribution"] = new JsonArray(
                new JsonObject
                {
                    ["@id"] = $"{page}#grant",
                    ["@type"] = "dcat:Distribution",
                    ["dct:title"] = "What a grant opens",
                    ["dct:description"] = CatalogueWords.Conditions(names),
                    ["dcat:accessURL"] = Id($"{names.Address}/requests/new"),
                    ["dcat:mediaType"] = Id("https://www.iana.org/assignments/media-types/application/zip"),
                    ["dcat:byteSize"] = new JsonObject { ["@value"] = model.Size.Bytes.ToString(CultureInfo.InvariantCulture), ["@type"] = "xsd:nonNegativeInteger" },
                },
                new JsonObject
                {
                    ["@id"] = $"{page}#croissant",
                    ["@type"] = "dcat:Distribution",
                    ["dct:title"] = "Schema and made-up examples (MLCommons Croissant)",
                    ["dct:conformsTo"] = Id(CroissantDocument.Version),
                    ["dcat:accessURL"] = Id($"{page}/croissant.json"),
                    ["dcat:downloadURL"] = Id($"{page}/croissant.json"),
                    ["dcat:mediaType"] = Id("https://www.iana.org/assignments/media-types/application/ld+json"),
                }),
        };
        if (model.Size.FirstAt is { } first)
            dataset["dct:issued"] = Date(first);
        if (model.Size.LastAt is { } last)
            dataset["dct:modified"] = Date(last);
        return new JsonObject
        {
            ["@context"] = new JsonObject
            {
                ["dcat"] = "http://www.w3.org/ns/dcat#", ["dct"] = "http://purl.org/dc/terms/", ["foaf"] = "http://xmlns.com/foaf/0.1/", ["xsd"] = "http://www.w3.org/2001/XMLSchema#",
            },
            ["@graph"] = new JsonArray(
                new JsonObject
                {
                    ["@id"] = page,
                    ["@type"] = "dcat:Catalog",
                    ["dct:title"] = $"Catalogue of {names.Name}",
                    ["dct:description"] = "The one dataset of this data DAO.",
                    ["dct:publisher"] = Id($"{page}#owners"),
                    ["dcat:dataset"] = Id($"{page}#dataset"),
                },
                dataset,
                new JsonObject { ["@id"] = $"{page}#owners", ["@type"] = "foaf:Organization", ["foaf:name"] = $"The members of {names.Name}", ["foaf:homepage"] = Id($"{names.Address}/") }),
        };
    }

    private static JsonObject Id(string id) => new() { ["@id"] = id };

    private static JsonObject Date(long unix) => new() { ["@value"] = CroissantDocument.Date(unix), ["@type"] = "xsd:date" };
}
