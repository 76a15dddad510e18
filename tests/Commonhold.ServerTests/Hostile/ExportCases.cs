using Commonhold.Client;
using Commonhold.Tests.Exports;

namespace Commonhold.ServerTests.Hostile;

/// <summary>Bad exports, sealed by a member who passes over the client's own checks: the validator is the one who refuses.</summary>
internal static class ExportCases
{
    /// <summary>What only the member's side can see: a validator gets cleaned exports, and refuses these as not cleaned before it looks further.</summary>
    private static readonly string[] OriginalsOnly = ["export.checkfile", "export.headers_mismatch", "export.date_out_of_life"];

    public static IEnumerable<HostileCase> All()
    {
        foreach (var (name, code, make) in HostileExports.All().Where(c => !OriginalsOnly.Contains(c.Code)))
        {
            yield return new HostileCase($"export: {name}", code, async (world, cancellationToken) =>
                await world.ContributeAsync(await HostileFile.SealAsync(make(), world.World.Dataset.Recipient), cancellationToken));
        }

        yield return new HostileCase("export: private columns and files left in", "export.not_cleaned", async (world, cancellationToken) =>
            await world.ContributeAsync(await HostileFile.SealAsync(HostileExports.HonestZip(), world.World.Dataset.Recipient), cancellationToken));
        yield return new HostileCase("export: byte order mark, through the client", HostileCase.Accepted, ContributeWithMarkAsync);
        foreach (var (name, code, make) in HostileExports.All().Where(c => OriginalsOnly.Contains(c.Code)))
        {
            yield return new HostileCase($"export at the member: {name}", code, (world, cancellationToken) =>
                ThroughClientAsync(world, make(), cancellationToken));
        }
    }

    private static Task<string> ContributeWithMarkAsync(HostileWorld world, CancellationToken cancellationToken) => ThroughClientAsync(
        world,
        HostileExports.With("comment_votes.csv", "\uFEFFid,permalink,direction\r\na,https://www.reddit.com/r/x/comments/y/_/a/,up\r\n"),
        cancellationToken);

    private static async Task<string> ThroughClientAsync(HostileWorld world, byte[] export, CancellationToken cancellationToken)
    {
        using var member = MemberKey.Generate();
        Contributor contributor = new(world.Node.Client, member, Path.Combine(world.Scratch.Path, "member-" + member.Account.Address));
        var submitted = await contributor.SubmitAsync(new MemoryStream(export), null, cancellationToken);
        return submitted.TryGet(out var digest, out var refusal) ? await world.VerdictAsync(digest, cancellationToken) : refusal.Code;
    }
}
