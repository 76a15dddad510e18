namespace Commonhold.Exports.Sources.Sqlite;

internal static class SqliteRefusal
{
    public static ExportRefusedException Damaged(string name, string what) => new(
        "export.sqlite", $"{name} {what}.", "Close the program that writes this database, copy the file again and pass the copy.");

    public static ExportRefusedException Schema(string name, string what) => new(
        "export.sqlite_schema", $"{name} {what}.", "Pass the database as its program wrote it; if that is new, update this program.");
}
