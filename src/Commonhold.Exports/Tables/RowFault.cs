namespace Commonhold.Exports.Tables;

/// <summary>Where a row is wrong. Says file, row and column and never the value: refusals are public, what they refuse is not.</summary>
internal static class RowFault
{
    public static ExportRefusedException Field(string file, long row, string column, string fault, bool isCleaned) => new(
        "export.field_invalid",
        $"{file}, row {row:N0}, column '{column}' {fault}.",
        isCleaned ? "Clean the export again with this version of the program." : "Pass the export as you received it; if the provider changed it, update this program.");

    public static ExportRefusedException TooLong(string file, long row, int limit) => new(
        "export.row_too_long", $"{file}, row {row:N0} has more than {limit:N0} bytes in the cleaned form.", "Leave this record out of the export.");

    public static ExportRefusedException TooMany(long limit) => new(
        "export.too_many_rows", $"The export has more than {limit:N0} rows.", "Ask the operator whether larger exports can be taken.");
}
