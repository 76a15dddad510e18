using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server.Contributions;

/// <summary>Every contribution and verdict that the node took, in blob storage, written before the database hears of it.</summary>
/// <remarks>So the database may be deleted: <see cref="RestoreAsync"/> finds here whatever it lacks.</remarks>
internal sealed class Journal(IBlobStore store, SealedFiles files, ContributionTable table)
{
    private const string Intakes = "intake", Verdicts = "verdicts";

    /// <summary>The sealed files go first: a record in the journal has them.</summary>
    public async Task WriteAsync(Intake intake, CancellationToken cancellationToken)
    {
        var submission = intake.Submission;
        if (submission.Evidence is { } evidence)
            await files.WriteEvidenceAsync(submission.CiphertextDigest, evidence, cancellationToken);
        await store.WriteAsync(BlobName.OfRecord(Intakes, submission.CiphertextDigest), Serialize(intake with { Submission = submission with { Evidence = null } }), cancellationToken);
    }

    public async Task WriteAsync(ReceivedVerdict received, CancellationToken cancellationToken)
    {
        var verdict = received.Verdict;
        if (verdict.Explanation is { } explanation)
            await files.WriteExplanationAsync(verdict.CiphertextDigest, explanation, cancellationToken);
        await store.WriteAsync(BlobName.OfRecord(Verdicts, verdict.CiphertextDigest), Serialize(received with { Verdict = verdict with { Explanation = null } }), cancellationToken);
    }

    /// <summary>Forgets a verdict that batches overtook.</summary>
    public async Task DropVerdictAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(BlobName.OfRecord(Verdicts, digest), cancellationToken);
        await table.DropVerdictAsync(digest, cancellationToken);
    }

    /// <summary>After the verdict nobody needs ticket and evidence any more, and nobody shall keep them (docs/threat-model.md).</summary>
    public async Task ForgetSecretsAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        await files.DeleteEvidenceAsync(digest, cancellationToken);
        var name = BlobName.OfRecord(Intakes, digest);
        if (await store.ExistsAsync(name, cancellationToken))
        {
            var intake = await ReadAsync<Intake>(name, cancellationToken);
            await store.WriteAsync(name, Serialize(intake with { Submission = intake.Submission with { Ticket = [] } }), cancellationToken);
        }

        // Last: whoever dies before finds here what is still to be forgotten.
        await table.ForgetTicketAsync(digest, cancellationToken);
    }

    /// <summary>Puts into the database what is only in the journal: a crash came in between, or the database is new.</summary>
    public async Task<int> RestoreAsync(CancellationToken cancellationToken)
    {
        var restored = 0;
        var known = (await table.DigestsAsync(cancellationToken)).ToHashSet();
        await foreach (var (digest, name) in RecordsAsync(Intakes, cancellationToken))
            if (!known.Contains(digest))
            {
                await table.InsertAsync(await ReadAsync<Intake>(name, cancellationToken), cancellationToken);
                restored++;
            }

        var judged = (await table.JudgedDigestsAsync(cancellationToken)).ToHashSet();
        await foreach (var (digest, name) in RecordsAsync(Verdicts, cancellationToken))
            if (!judged.Contains(digest))
            {
                await table.InsertAsync(await ReadAsync<ReceivedVerdict>(name, cancellationToken), cancellationToken);
                restored++;
            }

        foreach (var digest in await table.JudgedWithTicketAsync(cancellationToken))
            await ForgetSecretsAsync(digest, cancellationToken);
        return restored;
    }

    private async IAsyncEnumerable<(Bytes32, BlobName)> RecordsAsync(
        string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in store.ListAsync(folder, cancellationToken))
            yield return (Bytes32.Parse("0x" + Path.GetFileNameWithoutExtension(blob.Name.ToString())), blob.Name);
    }

    private async Task<T> ReadAsync<T>(BlobName name, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(name, cancellationToken)
            ?? throw new InvalidOperationException($"{name} vanished while it was read.");
        return await JsonSerializer.DeserializeAsync<T>(stream, Json.Options, cancellationToken)
            ?? throw new InvalidDataException($"{name} holds nothing.");
    }

    private static byte[] Serialize<T>(T record) => JsonSerializer.SerializeToUtf8Bytes(record, Json.Options);
}

/// <summary>A contribution as it came in.</summary>
/// <param name="ReceivedAt">Unix seconds of the node's clock.</param>
internal sealed record Intake(ContributionSubmission Submission, long ReceivedAt);

internal sealed record ReceivedVerdict(VerdictSubmission Verdict, long ReceivedAt);
