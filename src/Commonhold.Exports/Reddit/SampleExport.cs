namespace Commonhold.Exports.Reddit;

/// <summary>One made-up account and its export.</summary>
public sealed class SampleExport
{
    internal SampleExport(ulong seed, int index, int rows) => AccountName = $"sample_{seed}_{index}_{rows}";

    public string AccountName { get; }

    /// <summary>As Reddit names it: <c>export_&lt;account&gt;_&lt;date&gt;.zip</c>.</summary>
    public string FileName => $"export_{AccountName}_20250301.zip";

    public Task WriteAsync(Stream output, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
