using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;

namespace Commonhold.ServerTests.Hostile;

/// <summary>Terms that do not fit their file, their signer, this DAO, or this moment; and the same thing twice.</summary>
internal static class TermsCases
{
    public static IEnumerable<HostileCase> All() =>
    [
        new("terms: signed by someone else", "contribution.signature_invalid", async (w, c) =>
        {
            using var stranger = Secp256k1Key.Generate();
            return await RefusedAsync(w, f => f.Submission(w, signer: stranger), c);
        }),
        new("terms: signed for another chain", "contribution.other_chain", (w, c) =>
            RefusedAsync(w, f => f.Submission(w, domain: new CommonholdDomain(1, w.World.Contracts.Registry)), c)),
        new("terms: signed for another DAO", "contribution.other_dao", (w, c) =>
            RefusedAsync(w, f => f.Submission(w, domain: new CommonholdDomain(w.World.Registry.ChainId, w.World.Contracts.Market)), c)),
        new("terms: signed for another DAO and called ours", "contribution.signature_invalid", (w, c) =>
            RefusedAsync(w, f => f.Submission(w, domain: new CommonholdDomain(w.World.Registry.ChainId, w.World.Contracts.Market)) with { Registry = w.World.Contracts.Registry }, c)),
        new("terms: one field changed after signing", "contribution.signature_invalid", (w, c) =>
            RefusedAsync(w, f => f.Submission(w) with { Deadline = 4_000_000_001 }, c)),
        new("terms: the deadline has passed", "contribution.expired", (w, c) => RefusedAsync(w, f => f.Submission(w, f.Terms(deadline: 1)), c)),
        new("terms: another key epoch", "contribution.other_epoch", (w, c) => RefusedAsync(w, f => f.Submission(w, f.Terms() with { KeyEpoch = 2 }), c)),
        new("terms: another schema", "contribution.other_schema", (w, c) => RefusedAsync(w, f => f.Submission(w, f.Terms() with { Schema = Keccak256.Hash("mail"u8) }), c)),
        new("terms: a byte less than the file", "contribution.size_invalid", (w, c) => RefusedAsync(w, f => f.Submission(w, f.Terms() with { Size = (ulong)f.Age.Length - 1 }), c)),
        new("terms: a size beyond all bounds", "contribution.size_invalid", (w, c) => RefusedAsync(w, f => f.Submission(w, f.Terms() with { Size = ulong.MaxValue }), c)),
        new("terms: no validator", "contribution.not_a_validator", (w, c) => RefusedAsync(w, f => f.Submission(w, validator: f.Owner.Address), c)),
        new("terms: a file that is not here", "contribution.not_uploaded", async (w, c) =>
        {
            var file = await HostileFile.HonestAsync(w, 30);
            return await CodeAsync(() => w.Node.Client.SubmitAsync(file.Submission(w), c));
        }),
        new("twice: by somebody else", "contribution.digest_taken", async (w, c) =>
        {
            var file = await HostileFile.HonestAsync(w, 31);
            Assert.Equal(HostileCase.Accepted, await w.ContributeAsync(file, c));
            using var other = Secp256k1Key.Generate();
            return await w.ContributeAsync(file with { Owner = other }, c);
        }),
        new("twice: the same contents encrypted anew", "contribution.duplicate", async (w, c) =>
        {
            var file = await HostileFile.HonestAsync(w, 32);
            Assert.Equal(HostileCase.Accepted, await w.ContributeAsync(file, c));
            return await w.ContributeAsync(await HostileFile.HonestAsync(w, 32, file.Owner), c);
        }),
        new("twice: one account, two owners", "account.other_owner", async (w, c) =>
        {
            Assert.Equal(HostileCase.Accepted, await w.ContributeAsync(await HostileFile.HonestAsync(w, 33), c));
            return await w.ContributeAsync(await HostileFile.HonestAsync(w, 33), c);
        }),
        new("twice: the very same request again", HostileCase.Accepted, async (w, c) =>
        {
            var file = await HostileFile.HonestAsync(w, 34);
            Assert.Equal(HostileCase.Accepted, await w.ContributeAsync(file, c));
            return await w.ContributeAsync(file, c);
        }),
    ];

    /// <summary>Sends an honest file with a submission that is not; its owner may send the right one afterwards, and it is taken.</summary>
    public static async Task<string> RefusedAsync(HostileWorld world, Func<HostileFile, ContributionSubmission> submission, CancellationToken cancellationToken)
    {
        var file = await HostileFile.HonestAsync(world, 35);
        return await world.ContributeAsync(file, cancellationToken, submission(file));
    }

    private static async Task<string> CodeAsync(Func<Task> call)
    {
        try
        {
            await call();
            return HostileCase.Accepted;
        }
        catch (CommonholdException e)
        {
            return e.Refusal!.Code;
        }
    }
}
