using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.ServerTests.Guardians;

/// <summary>Asks a true guardian, then answers with the share of another ceremony, proofs and all.</summary>
internal sealed class LyingGuardian(uint index, IGuardianClient true_, BatchManifest manifest, Bytes32 recipient) : IGuardianClient
{
    private readonly KeyShare _wrong = OtherShare((int)index);

    public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) => true_.GetInfoAsync(cancellationToken);

    public Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken)
    {
        ReleaseAnswer answer = new(
            ReleaseAnswer.CurrentVersion, index, 1, request.GrantId, request.BatchId,
            [.. request.Indices.Select(i => Answer(i, request.Proofs))], []);
        return Task.FromResult(AgeFile.Seal(
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(answer, WireJson.Default.ReleaseAnswer), new X25519Recipient(recipient.AsSpan())));
    }

    public IAsyncEnumerable<string> ReadLogAsync(ulong from, CancellationToken cancellationToken) => true_.ReadLogAsync(from, cancellationToken);

    private ShareAnswer Answer(uint leaf, bool proof)
    {
        var share = manifest.Leaves[(int)leaf].EphemeralShare;
        return new ShareAnswer(
            leaf, Bytes32.FromSpan(_wrong.Answer(share.AsSpan()).Point.Span), proof ? Hex.Encode(_wrong.Prove(share.AsSpan()).ToBytes()) : null);
    }

    /// <summary>A share of the right number from a ceremony that has nothing to do with the dataset.</summary>
    public static KeyShare OtherShare(int index)
    {
        CeremonyTerms terms = new("elsewhere"u8.ToArray(), DaoFixture.Threshold, DaoFixture.Count);
        KeyCeremony[] all = [.. Enumerable.Range(1, DaoFixture.Count).Select(i => KeyCeremony.Start(terms, i, X25519Identity.Generate()))];
        for (var round = 0; round < KeyCeremony.Rounds; round++)
        {
            foreach (var from in all)
            {
                foreach (var to in all.Where(to => to != from))
                    to.Accept(round, from.Self, from.MessageOf(round));
            }
        }

        return all[index - 1].Share!;
    }
}
