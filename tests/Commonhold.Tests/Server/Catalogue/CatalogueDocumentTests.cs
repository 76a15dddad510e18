using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Server.Catalogue;
using Commonhold.Server.Contributions;

namespace Commonhold.Tests.Server.Catalogue;

public sealed class CatalogueDocumentTests
{
    public static TheoryData<string> Schemas => [.. ExportFormats.All.Select(f => f.Schema)];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void The_Croissant_of_every_schema_keeps_the_rules_of_the_specification(string schema) =>
        Assert.Empty(CroissantRules.Check(CroissantDocument.Of(Model(schema))));

    [Fact]
    public void The_Croissant_of_a_schema_that_nobody_knows_keeps_them_too() => Assert.Empty(CroissantRules.Check(CroissantDocument.Of(Model(null))));

    [Theory]
    [InlineData("no licence", "the dataset has no license")]
    [InlineData("two of a kind", "an @id is missing or stands twice")]
    [InlineData("a field from nowhere", "is not one known resource")]
    [InlineData("a key that is no field", "is no field of")]
    [InlineData("an example of something else", "members that are no fields")]
    public void The_rules_notice(string fault, string said)
    {
        var document = CroissantDocument.Of(Model("spotify-history-v1"));
        var plays = document["recordSet"]![0]!.AsObject();
        switch (fault)
        {
            case "no licence": document.Remove("license"); break;
            case "two of a kind": document["distribution"]!.AsArray().Add(document["distribution"]![0]!.DeepClone()); break;
            case "a field from nowhere": plays["field"]![0]!["source"]!["fileSet"]!["@id"] = "elsewhere"; break;
            case "a key that is no field": plays["key"]![0]!["@id"] = "plays/nothing"; break;
            default: plays["examples"]![0]!["other/field"] = "x"; break;
        }

        Assert.Contains(CroissantRules.Check(document), found => found.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_cannot_break_out_of_its_citation()
    {
        var citation = (string)CroissantDocument.Of(Model("spotify-history-v1", "Braces } \\write18{x} {"))["citeAs"]!;
        Assert.Equal(citation.Count(c => c == '{'), citation.Count(c => c == '}'));
        Assert.DoesNotContain("\\write18", citation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_DCAT_document_names_the_dataset_its_owners_and_how_access_comes_about()
    {
        var graph = DcatDocument.Of(Model("reddit-export-v1"))["@graph"]!.AsArray().ToDictionary(node => (string)node!["@type"]!, node => node!);
        var dataset = graph["dcat:Dataset"];
        Assert.Equal((string)graph["dcat:Catalog"]["dcat:dataset"]!["@id"]!, (string)dataset["@id"]!);
        Assert.Equal((string)graph["foaf:Organization"]["@id"]!, (string)dataset["dct:publisher"]!["@id"]!);
        Assert.All((string[])["dct:title", "dct:description", "dct:identifier", "dct:license", "dct:accessRights", "dct:issued", "dct:modified", "dcat:landingPage"], property => Assert.NotNull(dataset[property]));
        Assert.All(dataset["dcat:distribution"]!.AsArray(), distribution =>
            Assert.True(Uri.TryCreate((string)distribution!["dcat:accessURL"]!["@id"]!, UriKind.Absolute, out _) && (string)distribution["@type"]! == "dcat:Distribution"));
    }

    internal static CatalogueModel Model(string? schema, string name = "Test commons")
    {
        var format = schema is null ? null : ExportFormats.ForSchema(schema)!;
        static Address At(byte number) => Address.FromSpan([.. new byte[19], number]);
        return new CatalogueModel(
            new CatalogueNames(name, schema ?? "own-schema-v1", "https://commons.example", 31337, new DaoContracts(At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8)), 3, 5, false),
            format is null ? null : new DatasetFormat.Described(default, format.Title, format.PlaceWord, format.Describe(), format.SampleTables(new SampleOptions(1, 0, 40), 3)),
            new DatasetSize { Contributions = 12, Bytes = 345_678, Members = 11, Batches = 2, FirstAt = 1_790_000_000, LastAt = 1_795_000_000 },
            [], new QualityFigures(0, 0, [], [], []), []);
    }
}
