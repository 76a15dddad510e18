using System.Text;
using System.Text.Json.Nodes;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Commonhold.Exports.Tables;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Tables.Transforms;

namespace Commonhold.Tests.Exports.Tables;

public class DefinitionTests
{
    private const string Small = """
        {
          "profile": "tabular-data-package", "name": "small-v1", "title": "Small",
          "resources": [ { "name": "rows",
            "schema": { "fields": [ { "name": "id", "type": "integer", "constraints": { "required": true } }, { "name": "at", "type": "datetime" }, { "name": "words" } ], "primaryKey": ["id"] },
            "commonhold": { "code": 1, "time": "at", "quality": { "text": ["words"] } } } ],
          "commonhold": { "format": "small", "sources": [ { "table": "rows", "files": "rows.csv", "reader": "csv", "requires": ["Id"],
            "map": { "id": "Id", "at": { "from": "At", "as": ["datetime"] } } } ] }
        }
        """;

    public static TheoryData<string> Definitions() => [.. Resources()];

    private static IEnumerable<string> Resources() =>
        typeof(ExportFormats).Assembly.GetManifestResourceNames().Where(n => n.EndsWith("/format.json", StringComparison.Ordinal) && n != "Reddit/format.json");

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Every_definition_loads(string resource)
    {
        using var stream = typeof(ExportFormats).Assembly.GetManifestResourceStream(resource)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var definition = FormatDefinition.Parse(bytes.ToArray());
        Assert.Equal(definition.Format.Replace("-", "", StringComparison.Ordinal), resource[..resource.IndexOf('/', StringComparison.Ordinal)].ToLowerInvariant());
        Assert.All(definition.Sources, s => Assert.NotEmpty(s.Requires));
    }

    [Fact]
    public void Every_definition_is_a_format_of_this_program()
    {
        var known = ExportFormats.All.OfType<TableFormat>().Select(f => f.Name.Replace("-", "", StringComparison.Ordinal)).ToHashSet();
        Assert.Empty(Resources().Select(r => r[..r.IndexOf('/', StringComparison.Ordinal)].ToLowerInvariant()).Where(n => !known.Contains(n)));
        Assert.Single(ExportFormats.All.OfType<RedditFormat>());
        Assert.Equal(ExportFormats.All.Count, ExportFormats.All.Select(f => f.Schema).Distinct().Count());
    }

    [Theory]
    [InlineData("a member that is not known", "$.colour", "\"x\"")]
    [InlineData("one below", "$.resources[0].schema.index", "\"x\"")]
    [InlineData("a field's", "$.resources[0].schema.fields[1].size", "3")]
    [InlineData("a constraint's", "$.resources[0].schema.fields[0].constraints.least", "3")]
    [InlineData("a type", "$.resources[0].schema.fields[1].type", "\"instant\"")]
    [InlineData("a scope", "$.resources[0].commonhold.scope", "\"world\"")]
    [InlineData("a code of two bytes", "$.resources[0].commonhold.code", "256")]
    [InlineData("a field that is not there", "$.resources[0].commonhold.place", "{\"field\":\"colour\"}")]
    [InlineData("a time that is none", "$.resources[0].commonhold.time", "\"words\"")]
    [InlineData("a key twice", "$.resources[0].schema.primaryKey", "[\"id\",\"id\"]")]
    [InlineData("a condition of two things", "$.resources[0].commonhold.quality", "{\"zeroIf\":[{\"field\":\"id\",\"is\":[\"1\"],\"below\":2}]}")]
    [InlineData("a reader", "$.commonhold.sources[0].reader", "\"yaml\"")]
    [InlineData("a transform", "$.commonhold.sources[0].map.id", "{\"from\":\"Id\",\"as\":[\"rot13\"]}")]
    [InlineData("a map to nowhere", "$.commonhold.sources[0].map.colour", "\"Colour\"")]
    [InlineData("a map without a required field", "$.commonhold.sources[0].map", "{\"at\":\"At\"}")]
    [InlineData("nothing to be told by", "$.commonhold.sources[0].requires", "[]")]
    [InlineData("a path that its reader cannot read", "$.commonhold.sources[0]", "{\"table\":\"rows\",\"files\":\"x\",\"reader\":\"json\",\"records\":\"[*\",\"requires\":[\"a\"],\"map\":{\"id\":\"a\"}}")]
    [InlineData("brackets that do not match", "$.commonhold.sources[0].files", "\"rows[.csv\"")]
    [InlineData("a skip without a reason", "$.commonhold.sources[0].skip", "[{\"field\":\"Id\",\"is\":[\"1\"]}]")]
    public void What_a_definition_may_not_say_is_refused(string name, string path, string value)
    {
        var root = JsonNode.Parse(Small)!;
        var steps = path[2..].Replace("[", ".[", StringComparison.Ordinal).Split('.');
        var node = steps[..^1].Aggregate(root, Step);
        if (steps[^1].StartsWith('['))
            node[int.Parse(steps[^1].Trim('[', ']'), null)] = JsonNode.Parse(value);
        else
            node[steps[^1]] = JsonNode.Parse(value);
        Assert.Equal((name, "descriptor.invalid"), (name, Refused(root.ToJsonString()).Code));
    }

    [Fact]
    public void A_member_that_stands_twice_is_refused() =>
        Assert.Equal("descriptor.invalid", Refused(Small.Replace("\"title\": \"Small\",", "\"title\": \"Small\", \"title\": \"Large\",", StringComparison.Ordinal)).Code);

    [Fact]
    public void The_small_definition_itself_is_taken() => Assert.Equal("small", Packages.Format(Small).Name);

    [Fact]
    public void Every_transform_is_in_the_docs()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "formats.md"));
        Assert.All(TransformList.Names, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rows.csv", "rows.csv", "")]
    [InlineData("rows.csv", "a/b/Rows.CSV", "")]
    [InlineData("rows.csv", "arrows.csv", null)]
    [InlineData("data/rows.csv", "x/data/rows.csv", "")]
    [InlineData("data/rows.csv", "rows.csv", null)]
    [InlineData("tweet[s][-part#].js", "data/tweets-part12.js", "12")]
    [InlineData("tweet[s][-part#].js", "tweet.js", "")]
    [InlineData("tweet[s][-part#].js", "tweets-part.js", null)]
    [InlineData("a_#_#.json", "a_3_10.json", "3,10")]
    [InlineData("a*.json", "a/b.json", null)]
    [InlineData("a*.json", "a(1)+.json", "")]
    public void File_patterns_match_names(string pattern, string name, string? numbers)
    {
        var node = new Node(System.Text.Json.JsonSerializer.SerializeToElement(pattern), "$");
        Assert.Equal(numbers, FilePattern.Create(node).Match(name) is { } found ? string.Join(',', found) : null);
    }

    private static JsonNode Step(JsonNode node, string step) =>
        step.StartsWith('[') ? node[int.Parse(step.Trim('[', ']'), null)]! : node[step]!;

    private static ExportRefusal Refused(string json) =>
        Assert.Throws<ExportRefusedException>(() => FormatDefinition.Parse(Encoding.UTF8.GetBytes(json))).Refusal;
}
