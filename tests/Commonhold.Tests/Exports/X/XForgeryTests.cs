using Commonhold.Exports;
using Commonhold.Exports.Tables;
using Commonhold.Exports.Tables.Samples;
using Commonhold.Tests.Exports.Tables;

namespace Commonhold.Tests.Exports.X;

/// <summary>Somebody else's posts under other spellings of their ids: the time in the id agrees, the key would be another.</summary>
public class XForgeryTests
{
    [Fact]
    public void An_id_has_one_spelling()
    {
        var format = (TableFormat)ExportFormats.ForSchema("x-archive-v1")!;
        var (name, make) = ((ArchiveSamples)format.Samples).Forms[0];
        using var export = new MemoryStream();
        ArchiveSamples.Write(export, name, make(new SampleOptions(1, 0, 20)));
        var cleaned = Packages.Clean(format, export.ToArray(), name);
        foreach (var table in (string[])["posts.csv", "likes.csv"])
        {
            var forged = Packages.With(cleaned, table, csv =>
            {
                var lines = csv.Split("\r\n");
                return string.Join("\r\n", [lines[0], "0" + lines[1], .. lines[2..]]);
            });
            Assert.Equal((table, "export.field_invalid"), (table, Packages.ReadStrictly(format, forged).Refusal?.Code));
        }
    }
}
