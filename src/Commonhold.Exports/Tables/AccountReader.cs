using System.Security.Cryptography;
using System.Text;
using Commonhold.Exports.Tables.Cells;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Tables.Transforms;
using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Tables;

/// <summary>Reads whose export it is from the provider's files that say so: of each the first record.</summary>
internal sealed class AccountReader(FormatDefinition format, ExportSource export, TransformRoom room)
{
    private const int MaxIdBytes = 256;
    private static readonly TableDefinition NoTable = new("account", null, new RecordKind("account", 1, 0, RowScope.Own), [], [], [], -1, null, new QualityRule(0, [], []), [], -1, [], (byte)',', null);

    public ExportAccount Read(SourcePlan plan, List<DroppedItem> dropped)
    {
        var account = new ExportAccount(format.Platform, null, null, null);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in plan.Account)
        {
            using var source = SourceFile.Open(export, file.Entry, file.Source, sha256);
            var name = ZipFormat.ShowFile(file.Entry.Name);
            var rows = new SourceRows(name, file.Source, NoTable, [], room, export.Limits);
            if (!source.Reader.Read())
                continue;
            rows.Fill(source.Reader, new RowBuffer(NoTable));
            string? Value(MapEntry? entry, string member)
            {
                if (entry is null)
                    return null;
                ReadOnlySpan<byte> value = entry.Constant;
                for (var i = 0; i < entry.From.Count && value.IsEmpty; i++)
                    value = rows.TextOf(source.Reader, entry.From[i], out _);
                foreach (var transform in entry.Transforms)
                {
                    if (!value.IsEmpty && !transform(value, room, out value))
                        throw RowFault.Field(name, source.Reader.Number, member, "is not in a form that is known", isCleaned: false);
                }

                return value.IsEmpty ? null : Encoding.UTF8.GetString(value);
            }

            var map = file.Source.Account!;
            account = account with
            {
                Id = account.Id ?? Id(Value(map.Id, "id"), name),
                RegisteredAt = account.RegisteredAt ?? Time(Value(map.RegisteredAt, "registeredAt"), name),
                ExportedAt = account.ExportedAt ?? Time(Value(map.ExportedAt, "exportedAt"), name),
            };
            dropped.AddRange(rows.Dropped(source.Reader, 1).Where(d => d.Reason != SourceRows.OnlyChooses));
        }

        return account;
    }

    private static string? Id(string? id, string file)
    {
        id = id?.Trim();
        return id is null || (id.Length > 0 && Encoding.UTF8.GetByteCount(id) <= MaxIdBytes && !id.Any(char.IsControl)) ? id
            : throw RowFault.Field(file, 1, "id", "is not an account's id", isCleaned: false);
    }

    private static DateTimeOffset? Time(string? text, string file)
    {
        if (text is null)
            return null;
        return Moment.TryParse(Encoding.UTF8.GetBytes(text), out var ticks)
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw RowFault.Field(file, 1, "time", "is not a moment", isCleaned: false);
    }
}
