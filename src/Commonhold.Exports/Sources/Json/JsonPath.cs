using System.Globalization;
using System.Text;

namespace Commonhold.Exports.Sources.Json;

internal enum JsonStepKind : byte
{
    Member,
    AnyMember,
    Item,
    AnyItem,
}

internal readonly record struct JsonStep(JsonStepKind Kind, byte[] Name, int Index);

/// <summary>The part of RFC 9535 that is needed: <c>$</c>, <c>.name</c>, <c>['any name']</c>, <c>.*</c>, <c>[3]</c>, <c>[*]</c>.</summary>
internal static class JsonPath
{
    /// <summary>Parses the path of records; the <c>$</c> in front may be left out.</summary>
    public static IReadOnlyList<JsonStep> Parse(string path) =>
        path.StartsWith('$') ? Steps(path, path.AsSpan(1)) : ParseField(path);

    /// <summary>Parses the path of a field, which begins with a name or a bracket; <c>.</c> is the record itself.</summary>
    public static IReadOnlyList<JsonStep> ParseField(string path) => path switch
    {
        "." => [],
        ['[', ..] => Steps(path, path),
        _ => Steps(path, "." + path),
    };

    private static List<JsonStep> Steps(string path, ReadOnlySpan<char> rest)
    {
        var steps = new List<JsonStep>();
        while (rest.Length > 0)
        {
            var bracket = rest[0] == '[';
            if (!bracket && rest[0] != '.')
                throw Wrong(path);
            rest = rest[1..];
            var quoted = bracket && rest.StartsWith("'");
            var end = quoted ? rest[1..].IndexOf('\'') + 2 : bracket ? rest.IndexOf(']') : rest.IndexOfAny('.', '[');
            if (end < 0 && !bracket)
                end = rest.Length;
            if (end < (quoted ? 2 : 1) || (bracket && (end >= rest.Length || rest[end] != ']')))
                throw Wrong(path);
            var text = quoted ? rest[1..(end - 1)] : rest[..end];
            rest = rest[(bracket ? end + 1 : end)..];
            steps.Add(bracket && !quoted ? Item(path, text)
                : text is "*" && !quoted ? new JsonStep(JsonStepKind.AnyMember, [], 0)
                : new JsonStep(JsonStepKind.Member, Encoding.UTF8.GetBytes(text.ToString()), 0));
        }

        return steps;
    }

    private static JsonStep Item(string path, ReadOnlySpan<char> text) =>
        text is "*" ? new JsonStep(JsonStepKind.AnyItem, [], 0)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new JsonStep(JsonStepKind.Item, [], index)
        : throw Wrong(path);

    private static ArgumentException Wrong(string path) => new($"'{path}' is no path of this language.");
}
