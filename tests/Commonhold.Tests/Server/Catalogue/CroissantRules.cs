using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Commonhold.Tests.Server.Catalogue;

/// <summary>What the Croissant 1.1 specification requires of a document, as far as ours uses it; mlcroissant itself is not among our tools.</summary>
internal sealed partial class CroissantRules
{
    private static readonly string[] AtomicTypes = ["sc:Boolean", "sc:Date", "sc:Time", "sc:DateTime", "sc:Float", "sc:Integer", "sc:Text"];
    private static readonly string[] FileProperties = ["fullpath", "filename", "content", "lines", "lineNumbers"];
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, JsonObject> _byId = new(StringComparer.Ordinal);

    /// <summary>Every rule that the document breaks, in words.</summary>
    public static IReadOnlyList<string> Check(JsonObject document)
    {
        var rules = new CroissantRules();
        rules.Dataset(document);
        return rules._faults;
    }

    private void Dataset(JsonObject d)
    {
        // "Required": @context, @type, conformsTo, description, license, name, url, creator, datePublished; then distribution.
        foreach (var property in (string[])["@context", "@type", "conformsTo", "description", "license", "name", "url", "creator", "datePublished", "distribution"])
            Require(d.ContainsKey(property), $"the dataset has no {property}");
        Require(Text(d["@type"]) is "sc:Dataset" or "Dataset", "the dataset is not a sc:Dataset");
        Require(Text(d["conformsTo"]) == "http://mlcommons.org/croissant/1.1", "conformsTo is not the version of the specification");
        foreach (var property in (string[])["name", "description"])
            Require(Text(d[property]) is { Length: > 0 }, $"{property} is not one text");
        foreach (var property in (string[])["url", "license"])
            Require(Uri.TryCreate(Text(d[property]), UriKind.Absolute, out _), $"{property} is no URL");
        foreach (var property in (string[])["datePublished", "dateModified"])
            Require(d[property] is null || DateOnly.TryParseExact(Text(d[property]), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), $"{property} is no date");
        Require(d["creator"] is JsonObject creator && Text(creator["@type"]) is "sc:Organization" or "sc:Person", "the creator is neither an organisation nor a person");
        Require(d["version"] is null || SemanticVersion().IsMatch(Text(d["version"]) ?? ""), "the version is not MAJOR.MINOR.PATCH");
        Require(d["isLiveDataset"] is null || d["isLiveDataset"]!.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False, "isLiveDataset is no boolean");
        Context(d["@context"] as JsonObject);

        var resources = Objects(d["distribution"]).ToList();
        var sets = Objects(d["recordSet"]).ToList();
        foreach (var node in resources.Concat(sets).Concat(sets.SelectMany(s => Objects(s["field"]))))
            Require(Text(node["@id"]) is { Length: > 0 } id && _byId.TryAdd(id, node), $"an @id is missing or stands twice: {node["@id"]}");
        Require(resources.Count > 0, "the distribution is empty");
        foreach (var resource in resources)
            Resource(resource);
        foreach (var set in sets)
            RecordSet(set);
    }

    // Appendix 1, as far as terms are used that are not schema.org's.
    private void Context(JsonObject? context)
    {
        Require(context is not null, "there is no context");
        Require(Text(context?["@vocab"]) == "http://schema.org/" && Text(context?["sc"]) == "http://schema.org/", "schema.org is not the vocabulary");
        Require(Text(context?["cr"]) == "http://mlcommons.org/croissant/" && Text(context?["dct"]) == "http://purl.org/dc/terms/", "the prefixes cr and dct are not the specification's");
        Require(Text(context?["conformsTo"]) == "dct:conformsTo", "conformsTo is not Dublin Core's");
        foreach (var term in (string[])["citeAs", "column", "containedIn", "extract", "field", "fileSet", "includes", "isLiveDataset", "key", "recordSet", "source"])
            Require(Text(context?[term]) == $"cr:{term}", $"the context does not define {term}");
        Require(Text(context?["dataType"]?["@type"]) == "@vocab" && Text(context?["examples"]?["@type"]) == "@json" && Text(context?["data"]?["@type"]) == "@json", "dataType, data and examples are not typed as appendix 1 types them");
    }

    private void Resource(JsonObject resource)
    {
        var id = Text(resource["@id"]);
        var isObject = Text(resource["@type"]) == "cr:FileObject";
        Require(isObject || Text(resource["@type"]) == "cr:FileSet", $"{id} is neither a FileObject nor a FileSet");
        Require(Text(resource["encodingFormat"]) is { } format && MediaType().IsMatch(format), $"{id} has no media type");
        var containers = References(resource["containedIn"]).ToList();
        foreach (var container in containers)
            Require(_byId.TryGetValue(container, out var found) && Text(found["@type"]) is "cr:FileObject" or "cr:FileSet", $"{id} is contained in {container}, which is no resource");
        if (isObject)
            Require(containers.Count > 0 ? Text(resource["contentUrl"]) is not null : Uri.TryCreate(Text(resource["contentUrl"]), UriKind.Absolute, out _), $"{id} has no contentUrl");
        else
            Require(containers.Count > 0 && resource["includes"] is not null, $"the file set {id} says not what it includes of what");
    }

    private void RecordSet(JsonObject set)
    {
        var id = Text(set["@id"])!;
        Require(Text(set["@type"]) == "cr:RecordSet", $"{id} is no RecordSet");
        var fields = Objects(set["field"]).ToList();
        Require(fields.Count > 0, $"{id} has no field");
        var ids = fields.Select(f => Text(f["@id"])!).ToHashSet();
        foreach (var key in References(set["key"]))
            Require(ids.Contains(key), $"the key {key} is no field of {id}");
        foreach (var field in fields)
            Field(id, field);
        foreach (var example in Objects(set["examples"]).Concat(Objects(set["data"])))
            Require(example.Count > 0 && example.All(member => ids.Contains(member.Key)), $"an example of {id} has members that are no fields of it");
    }

    private void Field(string set, JsonObject field)
    {
        var id = Text(field["@id"])!;
        Require(Text(field["@type"]) == "cr:Field" && id.StartsWith(set + "/", StringComparison.Ordinal), $"{id} is no Field, or not named after {set}");
        Require(Text(field["name"]) is { Length: > 0 }, $"{id} has no name");
        var types = field["dataType"] is JsonArray many ? [.. many.Select(Text)] : new[] { Text(field["dataType"]) };
        Require(types.Any(type => AtomicTypes.Contains(type)), $"{id} has no atomic data type");
        var source = field["source"] as JsonObject;
        Require(source is not null || field["value"] is not null, $"{id} has neither a source nor a value");
        if (source is null)
            return;
        var from = References(source["fileSet"]).Concat(References(source["fileObject"])).Concat(References(source["recordSet"])).ToList();
        Require(from.Count == 1 && _byId.ContainsKey(from[0]), $"the source of {id} is not one known resource");
        var extract = source["extract"] as JsonObject;
        Require(extract is { Count: 1 } && (Text(extract["column"]) is { Length: > 0 } || Text(extract["jsonPath"]) is { Length: > 0 } || FileProperties.Contains(Text(extract["fileProperty"]))),
            $"{id} says not in one way what is extracted");
    }

    private void Require(bool holds, string fault)
    {
        if (!holds)
            _faults.Add(fault);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonArray array => array.OfType<JsonObject>(),
        JsonObject one => [one],
        _ => [],
    };

    // "They can be differentiated from ID definitions by the fact that no other properties are specified within the same object."
    private IEnumerable<string> References(JsonNode? node)
    {
        foreach (var reference in Objects(node))
        {
            Require(reference.Count == 1, $"a reference has more than its @id: {reference.ToJsonString()}");
            yield return Text(reference["@id"]) ?? "";
        }
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+$")]
    private static partial Regex SemanticVersion();

    [GeneratedRegex(@"^[a-z]+/[a-z0-9.+-]+$")]
    private static partial Regex MediaType();
}
