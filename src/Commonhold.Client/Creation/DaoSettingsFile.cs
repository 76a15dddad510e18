using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Commonhold.Client;

/// <summary>Everything that is decided when a DAO is created, as a file: what the page writes and <c>commonhold dao create --settings</c> reads.</summary>
public static class DaoSettingsFile
{
    /// <summary>A policy of the largest size in base64, and the rest many times over.</summary>
    public const int MaxBytes = 512 * 1024;

    private static readonly JsonSerializerOptions Options = new(WireJson.Default.Options)
    {
        WriteIndented = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static byte[] Write(DaoSettings settings) => JsonSerializer.SerializeToUtf8Bytes(settings with { Policy = settings.Policy }, Options);

    /// <returns>Refused as <c>dao.settings_invalid</c>, or as <see cref="DaoSettings.Check"/> refuses.</returns>
    public static Result<DaoSettings> Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes)
            return new Refusal("dao.settings_invalid", $"The file has {json.Length} bytes; settings have at most {MaxBytes}.");
        try
        {
            return JsonSerializer.Deserialize<DaoSettings>(json, Options) is not { } settings
                ? new Refusal("dao.settings_invalid", "The settings are null.")
                : settings.Check() is { } refusal ? refusal : settings;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return new Refusal("dao.settings_invalid", $"The settings cannot be read: {e.Message}", "Take the file as the page or `commonhold dao show --json` gave it.");
        }
    }
}
