using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.Samples;
using Commonhold.Exports.Tables;
using Commonhold.Exports.Tables.Samples;

namespace Commonhold.Tests.Exports.Tables;

/// <summary>Exports with bytes changed at random, in either form: read, or refused with a code; nothing else.</summary>
public class BrokenExportTests
{
    private const int Tries = 25;

    public static TheoryData<string, int> Forms() => FormatLawTests.Forms();

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_providers_file_with_bytes_changed_is_read_or_refused(string name, int form)
    {
        var format = ExportFormats.All.OfType<TableFormat>().Single(f => f.Name == name);
        var (fileName, make) = ((ArchiveSamples)format.Samples).Forms[form];
        var files = make(new SampleOptions(3, 0, 12)).Files;
        var random = new SampleRandom(17);
        for (var i = 0; i < Tries; i++)
        {
            var broken = new SampleArchive();
            var victim = random.Below(files.Count);
            for (var f = 0; f < files.Count; f++)
                broken.Add(files[f].Name, f == victim ? Broken(files[f].Bytes, ref random) : files[f].Bytes);
            using var bytes = new MemoryStream();
            ArchiveSamples.Write(bytes, fileName, broken);
            Judge(() =>
            {
                ExportFormats.RecogniseOne(ExportSource.Open(bytes, fileName: fileName));
                return format.TryClean(ExportSource.Open(bytes, fileName: fileName), new MemoryStream()).Refusal;
            });
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_package_with_bytes_changed_is_read_or_refused(string name, int form)
    {
        var format = ExportFormats.All.OfType<TableFormat>().Single(f => f.Name == name);
        var (fileName, make) = ((ArchiveSamples)format.Samples).Forms[form];
        using var sample = new MemoryStream();
        ArchiveSamples.Write(sample, fileName, make(new SampleOptions(3, 0, 12)));
        var files = Packages.Unzip(Packages.Clean(format, sample.ToArray(), fileName)).ToList();
        var random = new SampleRandom(18);
        for (var i = 0; i < Tries; i++)
        {
            var victim = random.Below(files.Count);
            var entries = new List<RawEntry>();
            for (var f = 0; f < files.Count; f++)
            {
                var bytes = Encoding.UTF8.GetBytes(files[f].Value);
                entries.Add(new RawEntry(files[f].Key, f == victim ? Broken(bytes, ref random) : bytes));
            }

            Judge(() => Packages.ReadStrictly(format, RawZip.Write(entries), new Records()).Refusal);
        }
    }

    private static void Judge(Func<ExportRefusal?> read)
    {
        var refusal = ExportResult.Of(() => read() is { } found ? throw new ExportRefusedException(found) : new object()).Refusal;
        Assert.True(refusal is null || (refusal.Code.Contains('.', StringComparison.Ordinal) && refusal.Hint.Length > 0), refusal?.Code);
    }

    // Some bytes changed, some cut out, some written twice.
    private static byte[] Broken(byte[] bytes, ref SampleRandom random)
    {
        var broken = bytes.ToList();
        for (var i = 1 + random.Below(6); i > 0 && broken.Count > 8; i--)
        {
            var at = random.Below(broken.Count - 6);
            switch (random.Below(4))
            {
                case 0:
                    broken[at] = (byte)random.Below(256);
                    break;
                case 1:
                    broken[at] = "\"\\{}[],:\r\n<>&\0-"u8[random.Below(15)];
                    break;
                case 2:
                    broken.RemoveRange(at, 1 + random.Below(5));
                    break;
                default:
                    broken.InsertRange(at, broken.GetRange(at, 1 + random.Below(5)));
                    break;
            }
        }

        return [.. broken];
    }
}
