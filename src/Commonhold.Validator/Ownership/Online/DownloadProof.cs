using Commonhold.Client;
using Commonhold.Exports;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>The provider's own download link, from which the validator fetches the export itself.</summary>
/// <remarks>TLS then says what no signature on the file does: these bytes come from the provider. What comes is cleaned here as the
/// member's program cleans it, and the cleaned contents must be those of the contribution. It is held in memory alone, bounded and
/// wiped. It is read in the provider's own form, by readers that otherwise run on members' machines only: another reason to name
/// none but the provider's hosts. The link is a secret while it lives; nothing of it is logged or reported.</remarks>
internal sealed class DownloadProof(EvidenceFetcher fetcher, EvidenceOptions options, ExportLimits limits)
    : OnlineProof(fetcher, options, EvidenceItem.Download), IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);
    private static readonly string[] MediaTypes = ["application/zip", "application/x-zip-compressed", "application/octet-stream", "binary/octet-stream"];
    private const string Proves = "That the provider itself handed out this export, to whoever had its download link.";
    private const string DoesNotProve = "That the link was not passed on by the person it was meant for.";

    /// <summary>Downloads are large: two at a time.</summary>
    private readonly SemaphoreSlim _turns = new(2);

    public void Dispose() => _turns.Dispose();

    protected override async Task<ProofResult> CheckAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> named = [.. context.Policy.Sources.Download.Where(d => d.Platform == context.Account.Platform).SelectMany(d => d.Hosts)];
        if (named.Count == 0)
            return NotChecked("The dataset's policy names no host of download links for such exports.");
        IReadOnlyList<string> hosts = Options.Allowed(named);
        if (hosts.Count == 0)
            return NotChecked("This validator's operator does not let it ask the hosts of such links.");
        if (!PolicyFormat.Of(context.Policy).TryGet(out ExportFormat? format, out Refusal? unknown))
            return NotChecked(unknown.Code, unknown.Detail);

        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await using ChunkedSecretStream export = new(Options.MaxDownloadBytes);
            FetchRequest request = new(item.Text("url"), hosts, MediaTypes, Options.MaxDownloadBytes) { Timeout = Timeout };
            FetchedAnswer answer = await Fetcher.FetchAsync(request, export, cancellationToken).ConfigureAwait(false);
            return await Task.Run(() => Compare(format, export, answer, context, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (FetchFailedException e) when (e.Refusal!.Code is "evidence.url_invalid" or "evidence.host_not_allowed")
        {
            // Here the member chose the address, and a contribution is no means to make a validator knock on doors.
            return Failed(e.Refusal.Code, e.Refusal.Detail, e.Refusal.Hint);
        }
        finally
        {
            _turns.Release();
        }
    }

    private ProofResult Compare(ExportFormat format, ChunkedSecretStream export, FetchedAnswer answer, ProofContext context, CancellationToken cancellationToken)
    {
        export.Position = 0;
        using ChunkedSecretStream cleaned = new(2 * Options.MaxDownloadBytes);
        ExportResult<ExportReading> reading = ExportResult.Of(() =>
        {
            format.TryClean(ExportSource.Open(export, limits), cleaned, cancellationToken).OrThrow();
            cleaned.Position = 0;
            return format.Read(ExportSource.OpenArchive(cleaned, limits), null, null, cancellationToken);
        });
        if (!reading.IsAccepted)
            return Failed("evidence.download_unreadable", $"What the link leads to is no export that can be read ({reading.Refusal.Code}).", "Give the link of this very export.");
        return reading.Value.Content == context.Reading.Content
            ? ProofResult.Passed(
                Name, EvidenceLevel.Fetched, "The provider handed out the same export to the validator.", Proves, DoesNotProve,
                evidence: new Dictionary<string, string> { ["bytes"] = answer.Bytes.ToString(System.Globalization.CultureInfo.InvariantCulture) })
            : Failed("evidence.download_differs", "The export that the link leads to is not the one that was contributed.", "Give the link of this very export, and contribute it as it came.");
    }
}
