using System.Text.Json.Nodes;
using Commonhold.Exports;
using Commonhold.Server.Catalogue;

namespace Commonhold.Tests.Server.Catalogue;

/// <summary>Croissant and DCAT by programs that are not ours, and by shapes that cite the specifications; each demand broken once is found.</summary>
public sealed class LinkedDataTests
{
    private static IReadOnlyList<CatalogueModel> Models =>
        [.. ExportFormats.All.Select(format => CatalogueDocumentTests.Model(format.Schema)), CatalogueDocumentTests.Model(null), CatalogueDocumentTests.Model("reddit-export-v1", "Names “with” \\ {marks} \u202e and 日本")];

    [LinkedDataFact]
    public async Task The_Croissant_of_every_schema_expands_without_loss_and_fits_the_shapes() =>
        Assert.All(await LinkedData.FaultsAsync("croissant", [.. Models.Select(CroissantDocument.Of)]), Assert.Empty);

    [LinkedDataFact]
    public async Task The_DCAT_of_every_schema_expands_without_loss_and_fits_the_shapes() =>
        Assert.All(await LinkedData.FaultsAsync("dcat", [.. Models.Select(DcatDocument.Of)]), Assert.Empty);

    private static readonly (string Breaks, string Says, Action<JsonObject> Change)[] Croissants =
    [
        ("the dataset's type", "Required, @type", d => d["@type"] = "sc:DataSet"),
        ("the version of Croissant", "Required, conformsTo", d => d["conformsTo"] = "http://mlcommons.org/croissant/0.9"),
        ("no version of Croissant", "Required, conformsTo", d => d.Remove("conformsTo")),
        ("no name", "Required, name", d => d.Remove("name")),
        ("two names", "Required, name", d => d["name"] = new JsonArray("a", "b")),
        ("no description", "Required, description", d => d.Remove("description")),
        ("no address", "Required, url", d => d.Remove("url")),
        ("no licence", "Required, license", d => d.Remove("license")),
        ("a licence that is a word", "Required, license", d => d["license"] = "free"),
        ("nobody made it", "Required, creator", d => d.Remove("creator")),
        ("a creator that is a text", "Required, creator", d => d["creator"] = "The members"),
        ("no date", "Required, datePublished", d => d.Remove("datePublished")),
        ("a date in words", "Required, datePublished", d => d["datePublished"] = "last week"),
        ("a version of two numbers", "MAJOR.MINOR.PATCH", d => d["version"] = "1.0"),
        ("live in words", "isLiveDataset", d => d["isLiveDataset"] = "yes"),
        ("not live, and no checksum", "Checksums", d => d["isLiveDataset"] = false),
        ("two citations", "citeAs", d => d["citeAs"] = new JsonArray("a", "b")),
        ("no distribution", "distribution: FileObjects", d => d.Remove("distribution")),
        ("a misspelt word", "a property that no Croissant dataset has", d => d["licence"] = "https://a.example"),
        ("a resource of another type", "distribution: FileObjects", d => File(d, 0)["@type"] = "sc:DataDownload"),
        ("a resource without a name", "one name", d => File(d, 1).Remove("name")),
        ("a resource without a format", "encodingFormat", d => File(d, 1).Remove("encodingFormat")),
        ("a format that is none", "encodingFormat", d => File(d, 0)["encodingFormat"] = "zip"),
        ("a file from nowhere", "contentUrl", d => File(d, 0).Remove("contentUrl")),
        ("a file at a word", "contentUrl", d => File(d, 0)["contentUrl"] = "ask"),
        ("a size in words", "contentSize", d => File(d, 0)["contentSize"] = "large"),
        ("a set in no container", "FileSet, containedIn", d => File(d, 1).Remove("containedIn")),
        ("a set in an unknown container", "containedIn: a resource", d => File(d, 1)["containedIn"] = Id("elsewhere")),
        ("a set that includes nothing", "FileSet, includes", d => File(d, 1).Remove("includes")),
        ("a resource twice", "stands twice", d => d["distribution"]!.AsArray().Add(File(d, 0).DeepClone())),
        ("a resource without an id", "has an @id", d => File(d, 2).Remove("@id")),
        ("a record set of another type", "a recordSet is a RecordSet", d => Set(d)["@type"] = "cr:Records"),
        ("a record set without a name", "one name", d => Set(d).Remove("name")),
        ("a record set without fields", "RecordSet, field", d => Set(d).Remove("field")),
        ("a key that is no field", "key", d => Set(d)["key"] = Id("plays/nothing")),
        ("an example of something else", "RecordSet, examples", d => Set(d)["examples"]![0]!["other/field"] = "x"),
        ("data that lack a field", "lacks a field", d => Set(d)["data"] = new JsonArray(new JsonObject { [(string)Field(d)["@id"]!] = "x" })),
        ("a field of another type", "RecordSet, field", d => Field(d)["@type"] = "cr:Column"),
        ("a field without a name", "one name", d => Field(d).Remove("name")),
        ("a field without a type", "dataType", d => Field(d).Remove("dataType")),
        ("a type that is none", "DataTypes", d => Field(d)["dataType"] = "sc:Song"),
        ("a field without a source", "neither source nor value", d => Field(d).Remove("source")),
        ("a source of nothing", "DataSource", d => Field(d)["source"]!.AsObject().Remove("fileSet")),
        ("an unknown source", "DataSource", d => Field(d)["source"]!["fileSet"] = Id("elsewhere")),
        ("two sources", "DataSource", d => Field(d)["source"]!["fileObject"] = Id("grant.zip")),
        ("nothing extracted", "DataSource", d => Field(d)["source"]!["extract"] = new JsonObject()),
        ("extracted in two ways", "DataSource", d => Field(d)["source"]!["extract"]!["jsonPath"] = "$.a"),
        ("a property that no file has", "DataSource", d => Field(d)["source"]!["extract"] = new JsonObject { ["fileProperty"] = "colour" }),
        ("two resources and no join", "Joins", d => Field(d)["source"]!["fileSet"] = Id("contributions")),
        ("another context", "Appendix 1", d => d["@context"]!["source"] = "cr:sources"),
        ("a data type that is a text", "dataType", d => d["@context"]!["dataType"] = "cr:dataType"),
        ("a word without a context", "JSON-LD", d => d["@context"]!.AsObject().Remove("@vocab")),
        ("a context from elsewhere", "JSON-LD: Dereferencing", d => d["@context"] = "https://schema.org/"),
    ];

    private static readonly (string Breaks, string Says, Action<JsonObject> Change)[] Dcats =
    [
        ("no catalogue", "There is not one", d => Node(d, "dcat:Catalog")["@type"] = "dcat:Catalogue"),
        ("a catalogue without a title", "title", d => Node(d, "dcat:Catalog").Remove("dct:title")),
        ("a catalogue of nothing", "Catalog, dataset", d => Node(d, "dcat:Catalog").Remove("dcat:dataset")),
        ("a dataset that is not described", "Catalog, dataset", d => Node(d, "dcat:Catalog")["dcat:dataset"] = Id("https://commons.example/other")),
        ("a dataset without a title", "title", d => Node(d, "dcat:Dataset").Remove("dct:title")),
        ("a title that is no text", "title", d => Node(d, "dcat:Dataset")["dct:title"] = Id("https://a.example")),
        ("a publisher that is not described", "publisher", d => Node(d, "dcat:Dataset")["dct:publisher"] = Id("https://a.example")),
        ("a creator that is a text", "creator", d => Node(d, "dcat:Dataset")["dct:creator"] = "The members"),
        ("a licence that is a word", "license", d => Node(d, "dcat:Dataset")["dct:license"] = "free"),
        ("access rights in words", "access rights", d => Node(d, "dcat:Dataset")["dct:accessRights"] = "restricted"),
        ("a frequency in words", "frequency", d => Node(d, "dcat:Dataset")["dct:accrualPeriodicity"] = "always"),
        ("a date in words", "release date", d => Node(d, "dcat:Dataset")["dct:issued"] = "last week"),
        ("a date that is none", "modification date", d => Node(d, "dcat:Dataset")["dct:modified"] = new JsonObject { ["@value"] = "2026-13-01", ["@type"] = "xsd:date" }),
        ("a landing page in words", "landing page", d => Node(d, "dcat:Dataset")["dcat:landingPage"] = "here"),
        ("no distribution", "Dataset, distribution", d => Node(d, "dcat:Dataset").Remove("dcat:distribution")),
        ("a distribution of another type", "Dataset, distribution", d => Way(d)["@type"] = "dcat:Download"),
        ("a distribution without access", "access address", d => Way(d).Remove("dcat:accessURL")),
        ("a size in words", "byte size", d => Way(d)["dcat:byteSize"] = "large"),
        ("a size below nothing", "byte size", d => Way(d)["dcat:byteSize"] = new JsonObject { ["@value"] = "-1", ["@type"] = "xsd:nonNegativeInteger" }),
        ("a media type of nobody", "media type", d => Way(d)["dcat:mediaType"] = "application/zip"),
        ("a misspelt property", "a property that it does not have", d => Node(d, "dcat:Dataset")["dcat:keywords"] = "x"),
        ("owners without a name", "Agent: a name", d => Node(d, "foaf:Organization").Remove("foaf:name")),
        ("a word without a prefix", "JSON-LD", d => Node(d, "dcat:Dataset")["title"] = "x"),
        ("a prefix that is not declared", "publisher", d => d["@context"]!.AsObject().Remove("foaf")),
    ];

    [LinkedDataFact]
    public Task Every_demand_of_Croissant_that_is_broken_is_found() => FoundAsync("croissant", Croissants, () => CroissantDocument.Of(CatalogueDocumentTests.Model("spotify-history-v1")));

    [LinkedDataFact]
    public Task Every_demand_of_DCAT_that_is_broken_is_found() => FoundAsync("dcat", Dcats, () => DcatDocument.Of(CatalogueDocumentTests.Model("spotify-history-v1")));

    private static async Task FoundAsync(string kind, (string Breaks, string Says, Action<JsonObject> Change)[] mutations, Func<JsonObject> whole)
    {
        var broken = mutations.Select(mutation =>
        {
            var document = whole();
            mutation.Change(document);
            return document;
        });
        var faults = await LinkedData.FaultsAsync(kind, [.. broken]);
        Assert.All(mutations.Zip(faults), pair => Assert.True(
            pair.Second.Any(fault => fault.Contains(pair.First.Says, StringComparison.Ordinal)), $"{pair.First.Breaks} is not found as “{pair.First.Says}”: {string.Join(" | ", pair.Second)}"));
    }

    private static JsonObject File(JsonObject document, int index) => document["distribution"]![index]!.AsObject();

    private static JsonObject Set(JsonObject document) => document["recordSet"]![0]!.AsObject();

    private static JsonObject Field(JsonObject document) => Set(document)["field"]![0]!.AsObject();

    private static JsonObject Node(JsonObject document, string type) => document["@graph"]!.AsArray().Single(node => (string)node!["@type"]! == type)!.AsObject();

    private static JsonObject Way(JsonObject document) => Node(document, "dcat:Dataset")["dcat:distribution"]![0]!.AsObject();

    private static JsonObject Id(string id) => new() { ["@id"] = id };
}
