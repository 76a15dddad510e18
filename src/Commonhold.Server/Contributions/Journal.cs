using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server.Contributions;

/// <summary>Every contribution and verdict that the node took, in blob storage, written before the database hears of it.</summary>
/// <remarks>So the database may be deleted: <see cref="RestoreAsync"/> finds here whatever it lacks.</remarks>
internal sealed class Journal(IBlobStore store, ContributionTable table)
{
    private const string Intakes = "intake", Verdicts = "verdicts";

    public Task WriteAsync(Intake intake, CancellationToken cancellationToken) =>
        store.WriteAsync(BlobName.OfRecord(Intakes, intake.Submission.CiphertextDigest), Serialize(intake), cancellationToken);

    public Task WriteAsync(ReceivedVerdict verdict, CancellationToken cancellationToken) =>
        store.WriteAsync(BlobName.OfRecord(Verdicts, verdict.Verdict.CiphertextDigest), Serialize(verdict), cancellationToken);

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
