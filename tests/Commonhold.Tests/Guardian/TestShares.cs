using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians.Chain;

namespace Commonhold.Tests.Guardian;

/// <summary>Manifests, and the chain and node that know them, in memory.</summary>
internal static class TestShares
{
    public static readonly Address Registry = Address.Parse("0x00000000000000000000000000000000000000aa");

    public static Bytes32 Share(int number) => Keccak256.Hash([(byte)number, (byte)(number >> 8), 7]);

    public static BatchManifest Manifest(ulong batch, params IReadOnlyList<Bytes32> shares) => new(
        31337, Registry, new BatchId(batch),
        [.. shares.Select((share, i) => new Leaf(
            (uint)i, Registry, Keccak256.Hash([(byte)i, (byte)batch]), 1, share, default, 1, new Points(1), default))]);

    /// <summary>A real share of a real key.</summary>
    public static KeyShare[] Ceremony(int threshold, int guardians)
    {
        CeremonyTerms terms = new("a test"u8.ToArray(), threshold, guardians);
        KeyCeremony[] all = [.. Enumerable.Range(1, guardians).Select(i => KeyCeremony.Start(terms, i, X25519Identity.Generate()))];
        for (var round = 0; round < KeyCeremony.Rounds; round++)
        {
            foreach (var from in all)
            {
                foreach (var to in all.Where(to => to != from))
                    to.Accept(round, from.Self, from.MessageOf(round));
            }
        }

        return [.. all.Select(one => one.Share!)];
    }
}

/// <summary>A chain that has the batches of some manifests.</summary>
internal sealed class FakeBatches(params IReadOnlyList<BatchManifest> manifests) : IBatchSource
{
    public BlockPoint Block { get; init; } = new(10, Keccak256.Hash([10]), 100);

    public bool Canonical { get; init; } = true;

    public int Reads { get; private set; }

    public Task<IReadOnlyList<BatchCommitment>> ReadBatchesAsync(ulong first, ulong last, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult<IReadOnlyList<BatchCommitment>>(
            [.. manifests.Skip((int)first).Take((int)(last - first + 1)).Select(m => new BatchCommitment(m.Root, (uint)m.Leaves.Count))]);
    }

    public Task<bool> IsCanonicalAsync(BlockPoint block, CancellationToken cancellationToken) => Task.FromResult(Canonical);
}

/// <summary>A node that answers every request by a function.</summary>
internal sealed class FakeHttp(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    public int Requests { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        return Task.FromResult(answer(request));
    }
}
