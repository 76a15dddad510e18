using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server.Ceremonies;

/// <summary>Passes the guardians' ceremony messages around, and nothing more: it understands none of them.</summary>
/// <remarks>Guarantee: the first message of a guardian in a round stays as it is for everyone. Trust: none needed; every message carries its
/// guardian's signature, secret parts are sealed to guardians, and each guardian checks the transcript that all of them confirm.</remarks>
internal sealed class CeremonyRelay(Dao dao, ChainState chain, EthereumNode node, IBlobStore store) : IDisposable
{
    private const int LastRound = 3, MaxMessageBytes = 128 << 10;
    private readonly SemaphoreSlim _gate = new(1);

    public async Task<Refusal?> PutAsync(uint epoch, byte round, uint guardian, CeremonyPut put, CancellationToken cancellationToken)
    {
        if (round > LastRound || put.Message.Length is 0 or > MaxMessageBytes)
            return new Refusal("ceremony.message_invalid", $"A message has 1 to {MaxMessageBytes} bytes and a round from 0 to {LastRound}.");
        if (!(await GuardiansOfAsync(epoch, cancellationToken)).TryGet(out var guardians, out var refusal))
            return refusal;
        if (guardian == 0 || guardian > guardians.Count)
            return new Refusal("ceremony.not_a_guardian", $"Epoch {epoch} has the guardians 1 to {guardians.Count}.");
        var from = guardians[(int)guardian - 1];
        var message = new CeremonyMessage(epoch, round, from, Bytes32.FromSpan(SHA256.HashData(put.Message)));
        if (!message.IsSignedBy(from, put.Signature, dao.GuardianDomain))
            return new Refusal("ceremony.signature_invalid", $"The message is not signed by guardian {guardian}, {from}.");

        var name = NameOf(epoch, round, guardian);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (await ReadAsync(name, cancellationToken) is not { } earlier)
                await store.WriteAsync(name, JsonSerializer.SerializeToUtf8Bytes(put, Json.Options), cancellationToken);
            else if (!earlier.Message.AsSpan().SequenceEqual(put.Message))
                return new Refusal("ceremony.conflict", $"Guardian {guardian} sent another message in round {round} of epoch {epoch} before.",
                    "A guardian that forgot what it sent cannot go on; the DAO has to start a new epoch.");
            return null;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task<Result<IReadOnlyList<CeremonyPost>>> ListAsync(uint epoch, byte round, CancellationToken cancellationToken)
    {
        if (!(await GuardiansOfAsync(epoch, cancellationToken)).TryGet(out var guardians, out var refusal))
            return refusal;
        var posts = new List<CeremonyPost>();
        for (uint guardian = 1; guardian <= guardians.Count; guardian++)
            if (await ReadAsync(NameOf(epoch, round, guardian), cancellationToken) is { } put)
                posts.Add(new CeremonyPost(guardian, put.Message, put.Signature));
        return posts;
    }

    public void Dispose() => _gate.Dispose();

    private async Task<Result<IReadOnlyList<Address>>> GuardiansOfAsync(uint epoch, CancellationToken cancellationToken)
    {
        if (!chain.Read().TryGet(out var snapshot, out var notReady))
            return notReady;
        if (epoch == 0 || epoch > snapshot.Parties.LatestEpoch)
            return new Refusal("ceremony.epoch_unknown", $"There is no key epoch {epoch}.");
        var call = dao.Guardians.EpochAt(epoch);
        return call.Decode(await node.CallAsync(new CallRequest(call.To, call.Data), BlockReference.Latest, cancellationToken)).Guardians.ToList();
    }

    private async Task<CeremonyPut?> ReadAsync(BlobName name, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(name, cancellationToken);
        return stream is null ? null : await JsonSerializer.DeserializeAsync<CeremonyPut>(stream, Json.Options, cancellationToken);
    }

    private static BlobName NameOf(uint epoch, byte round, uint guardian) =>
        BlobName.Parse(string.Create(CultureInfo.InvariantCulture, $"ceremonies/{epoch}/{round}/{guardian}.json"));
}

internal static class CeremonyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var ceremonies = routes.MapGroup("/v1/ceremonies/{epoch}/{round}").WithTags("ceremonies");
        ceremonies.MapPut("{guardian}", async (uint epoch, byte round, uint guardian, CeremonyPut put, CeremonyRelay relay, CancellationToken cancellationToken) =>
                await relay.PutAsync(epoch, round, guardian, put, cancellationToken) is { } refusal ? (IResult)new ProblemResult(refusal) : TypedResults.NoContent())
            .RequireRateLimiting(RateLimits.Writes).WithSummary("Posts a guardian's message of a round; the first stays.");
        ceremonies.MapGet("", async (uint epoch, byte round, CeremonyRelay relay, CancellationToken cancellationToken) =>
                (await relay.ListAsync(epoch, round, cancellationToken)).ToOk())
            .WithSummary("The messages of a round.");
    }
}
