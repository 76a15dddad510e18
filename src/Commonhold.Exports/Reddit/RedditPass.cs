using Commonhold.Exports.Zip;
namespace Commonhold.Exports.Reddit;
internal sealed class RedditPass(Stream zip, IReadOnlyList<RedditFile> files, ExportLimits limits, ExportRowVisitor? visitor, ZipWriter? writer, CancellationToken cancellationToken)
{
    public ExportReading Run() => throw new NotImplementedException($"{zip}{files}{limits}{visitor}{writer}{cancellationToken}");
}
