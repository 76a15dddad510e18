using System.Text;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.ServerTests.Hostile;

/// <summary>Age files, stanzas and tickets that are not what they say.</summary>
internal static class AgeCases
{
    public static IEnumerable<HostileCase> All() =>
    [
        new("age: no age file", "contribution.not_age", (w, c) => BentAsync(w, f => f.WithAge(Encoding.ASCII.GetBytes(new string('x', 5_000))), c)),
        new("age: cut inside its header", "contribution.not_age", (w, c) => BentAsync(w, f => f.WithAge(f.Age[..60]), c)),
        new("age: a header that never ends", "contribution.not_age", (w, c) => BentAsync(w, f => f.WithAge([.. "age-encryption.org/v1\n-> "u8, .. new byte[300_000]]), c)),
        new("age: cut at its last byte", "age.chunk", (w, c) => BentAsync(w, f => f.WithAge(f.Age[..^1]), c)),
        new("age: cut after its header", "age.malformed_header", (w, c) => BentAsync(w, f => f.WithAge(f.Age[..AgeHeader.Parse(f.Age).Length]), c)),
        new("age: cut between two chunks", "age.truncated", async (w, c) =>
        {
            var file = await HostileFile.SealAsync(new byte[200_000], w.World.Dataset.Recipient);
            return await w.ContributeAsync(file.WithAge(file.Age[..(AgeHeader.Parse(file.Age).Length + 16 + (2 * (65_536 + 16)))]), c);
        }),
        new("age: a bit flipped in the payload", "age.chunk", (w, c) => BentAsync(w, f => f.Flipped(^100), c)),
        new("age: a bit flipped in the header's MAC", "age.header_mac", (w, c) => BentAsync(w, f => f.WithAge(WithOtherMac(f.Age)), c)),
        new("age: a stanza of the wrong recipient", "contribution.wrong_recipient", async (w, c) =>
        {
            using var elsewhere = X25519Identity.Generate();
            return await w.ContributeAsync(await HostileFile.SealAsync(await HostileFile.CleanedAsync(20), elsewhere.Recipient), c);
        }),
        new("stanza: copied, its share signed", "ticket.share_mismatch", async (w, c) =>
        {
            // Somebody's file that never came to this node: the thief has header and share, but not the secret.
            var (victim, thief) = (await HostileFile.HonestAsync(w, 21), await HostileFile.HonestAsync(w, 22));
            return await w.ContributeAsync(victim with { Owner = thief.Owner, Secret = thief.Secret }, c);
        }),
        new("stanza: copied from a contribution", "contribution.share_reused", async (w, c) =>
        {
            var victim = await HostileFile.HonestAsync(w, 23);
            Assert.Equal(HostileCase.Accepted, await w.ContributeAsync(victim, c));
            using var thief = Secp256k1Key.Generate();
            return await w.ContributeAsync(victim.Flipped(^1) with { Owner = thief }, c);
        }),
        new("share: not one of the file's", "contribution.share_mismatch", (w, c) =>
            TermsCases.RefusedAsync(w, f => f.Submission(w, f.Terms() with { EphemeralShare = Keccak256.Hash("another"u8) }), c)),
        new("ticket: no age file", "contribution.ticket_invalid", (w, c) => TermsCases.RefusedAsync(w, f => f.Submission(w, ticket: [1, 2, 3]), c)),
        new("ticket: too long", "contribution.ticket_invalid", (w, c) =>
            TermsCases.RefusedAsync(w, f => f.Submission(w, ticket: AgeFile.Seal(new byte[8_000], w.Validator.Identity.Recipient)), c)),
        new("ticket: for another contribution", "ticket.mismatch", (w, c) => TicketAsync(w, f => f.Ticket(w.Validator.Identity.Recipient, Bytes32.Zero), c)),
        new("ticket: sealed to another validator", "ticket.unreadable", async (w, c) =>
        {
            using var other = X25519Identity.Generate();
            return await TicketAsync(w, f => f.Ticket(other.Recipient), c);
        }),
        new("ticket: not a ticket's JSON", "ticket.invalid", (w, c) => TicketAsync(w, _ => AgeFile.Seal("[[[["u8, w.Validator.Identity.Recipient), c)),
        new("ticket: stale when a validator takes it up", "ticket.stale", StaleAsync),
    ];

    private static async Task<string> BentAsync(HostileWorld world, Func<HostileFile, HostileFile> bend, CancellationToken cancellationToken) =>
        await world.ContributeAsync(bend(await HostileFile.HonestAsync(world, 24)), cancellationToken);

    private static Task<string> TicketAsync(HostileWorld world, Func<HostileFile, byte[]> ticket, CancellationToken cancellationToken) =>
        TermsCases.RefusedAsync(world, file => file.Submission(world, ticket: ticket(file)), cancellationToken);

    /// <summary>In time for the node; then nobody takes it up until the chain's time has passed it.</summary>
    private static async Task<string> StaleAsync(HostileWorld world, CancellationToken cancellationToken)
    {
        await world.StopValidatorsAsync();
        var file = await HostileFile.HonestAsync(world, 25);
        var deadline = (await world.Node.Client.GetDaoAsync(cancellationToken)).ChainTime + 600;
        await world.Node.Client.UploadAsync(file.Digest, new MemoryStream(file.Age), null, cancellationToken);
        await world.Node.Client.SubmitAsync(file.Submission(world, file.Terms(deadline)), cancellationToken);
        await world.World.Anvil.AdvanceAsync(TimeSpan.FromSeconds(1200), cancellationToken);
        while ((await world.Node.Client.GetDaoAsync(cancellationToken)).ChainTime <= deadline)
            await Task.Delay(20, cancellationToken);
        world.StartValidators();
        return await world.VerdictAsync(file.Digest, cancellationToken);
    }

    /// <summary>Another last character of the MAC line, valid base64 still.</summary>
    private static byte[] WithOtherMac(byte[] age)
    {
        var changed = age.ToArray();
        var at = changed.AsSpan().IndexOf("\n--- "u8) + 5;
        changed[at] = changed[at] == (byte)'A' ? (byte)'B' : (byte)'A';
        return changed;
    }
}
