using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commonhold.Exports.Reddit;

/// <summary>Reddit's <c>format.json</c>: the one home of what its files are called, which columns they have, what in them is
/// private and why, and what their rows are worth. The browser reads the same file.</summary>
/// <param name="Statistics">The rows of <c>statistics.csv</c> that stay; any other row is left out.</param>
/// <param name="PrivateStatistics">Rows that are known and left out, and why.</param>
/// <param name="Files">In the order in which they are read and written: what later files are held against comes first.</param>
internal sealed record RedditDefinition(
    string Name,
    string Schema,
    string Title,
    string Places,
    IReadOnlyList<string> Statistics,
    IReadOnlyDictionary<string, string> PrivateStatistics,
    IReadOnlyList<RedditFileDefinition> Files)
{
    public static RedditDefinition Load()
    {
        using var stream = typeof(RedditDefinition).Assembly.GetManifestResourceStream("Reddit/format.json")
            ?? throw new InvalidOperationException("The definition of Reddit's format is not in this program.");
        return JsonSerializer.Deserialize(stream, RedditDefinitionJson.Default.RedditDefinition)!;
    }
}

/// <param name="Required">Columns without which the file cannot be used.</param>
/// <param name="OtherHeaders">Headers seen in older or newer exports.</param>
/// <param name="Private">Known columns that stay with the member, and why.</param>
/// <param name="Secret">Why the whole file stays with the member; null when it is shared.</param>
/// <param name="Dated">Its <c>date</c> column must lie within the account's life.</param>
/// <param name="HeadersOf">The full file of which this one repeats rows without the text.</param>
/// <param name="SecondHand">Nobody has shown its header line; the columns are those that parsers list.</param>
internal sealed record RedditFileDefinition(
    string Name,
    string Header,
    string Required = "",
    IReadOnlyList<string>? OtherHeaders = null,
    IReadOnlyDictionary<string, string>? Private = null,
    string? Secret = null,
    bool Dated = false,
    string? HeadersOf = null,
    bool SecondHand = false,
    RedditRecordDefinition? Record = null);

internal sealed record RedditRecordDefinition(byte Code, long Weight, RowScope Scope, RedditQuality Quality);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RedditDefinition))]
internal sealed partial class RedditDefinitionJson : JsonSerializerContext;
