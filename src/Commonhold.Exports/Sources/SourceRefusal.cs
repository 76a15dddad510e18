namespace Commonhold.Exports.Sources;

/// <summary>Refusals that every reader gives.</summary>
internal static class SourceRefusal
{
    public const string Hint = "Pass the export as you received it.";

    public static ExportRefusedException TooLong(string name, int limit) => new(
        "export.record_too_long", $"{name} holds a record of more than {limit:N0} bytes.", Hint);

    public static ExportRefusedException TooMany(string name, long limit) => new(
        "export.too_many_rows", $"{name} holds more than {limit:N0} records.", "Ask the DAO's operator whether the limit can be raised.");

    public static ExportRefusedException TooLarge(string name, long limit) => new(
        "export.too_large", $"{name} has more than {limit:N0} bytes.", "Ask the DAO's operator whether the limit can be raised.");

    public static ExportRefusedException NotUtf8(string name) => new("export.encoding", $"{name} is not UTF-8.", Hint);

    public static ExportRefusedException Utf16(string name) => new("export.utf16", $"{name} is UTF-16; an export is UTF-8.", Hint);
}
