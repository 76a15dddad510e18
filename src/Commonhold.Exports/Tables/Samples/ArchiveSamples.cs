using Commonhold.Exports.Samples;

namespace Commonhold.Exports.Tables.Samples;

/// <summary>The forms in which a provider has sent exports, the usual one first: each with its file's name and who makes it up.</summary>
internal sealed class ArchiveSamples(params (string FileName, Func<SampleOptions, SampleArchive> Make)[] forms) : ISampleGenerator
{
    public IReadOnlyList<(string FileName, Func<SampleOptions, SampleArchive> Make)> Forms => forms;

    public string FileName(SampleOptions options) => forms[0].FileName;

    public void Write(Stream output, SampleOptions options) => Write(output, forms[0].FileName, forms[0].Make(options));

    /// <summary>Writes an archive, or by its name the single file.</summary>
    public static void Write(Stream output, string fileName, SampleArchive sample)
    {
        if (fileName.EndsWith(".zip", StringComparison.Ordinal))
            sample.WriteZip(output);
        else
            sample.WriteSingle(output);
    }
}
