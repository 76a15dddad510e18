using System.Globalization;
using System.Text.Json;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>RFC 6901, as far as a policy needs it: the text or whole number that a pointer leads to.</summary>
internal static class JsonPointer
{
    /// <summary>Null when there is nothing there, or something else.</summary>
    public static string? Find(JsonElement document, string pointer)
    {
        if (!pointer.StartsWith('/'))
            return null;
        JsonElement at = document;
        foreach (string escaped in pointer[1..].Split('/'))
        {
            // RFC 6901 §4: ~1 first, so that ~01 is ~1 and not a stroke.
            string token = escaped.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(token, out JsonElement member))
                at = member;
            else if (at.ValueKind == JsonValueKind.Array && IsIndex(token, out int index) && index < at.GetArrayLength())
                at = at[index];
            else
                return null;
        }

        return at.ValueKind switch
        {
            JsonValueKind.String => at.GetString(),
            JsonValueKind.Number when at.TryGetInt64(out long number) => number.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private static bool IsIndex(string token, out int index) =>
        int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out index) && (token == "0" || token[0] != '0');
}
