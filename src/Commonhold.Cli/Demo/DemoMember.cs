using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;

namespace Commonhold.Cli.Demo;

/// <summary>One person of the story: own key file, own export, everything else over the node's API.</summary>
internal sealed class DemoMember(string export, MemberKey key, EvidenceGatherer? proof = null) : IDisposable
{
    public string File { get; } = Path.GetFileName(export);

    public MemberKey Key { get; } = key;

    public Bytes32? Digest { get; private set; }

    /// <summary>SHA-256 of what the member sealed: the export cleaned once more on the member's own side, without any of the network's parts.</summary>
    public Bytes32? Plaintext { get; private set; }

    public Refusal? Refusal { get; private set; }

    /// <summary>The evidence level that the validator found.</summary>
    public EvidenceLevel Level { get; private set; }

    /// <summary>The member showed the validator that the account is its own.</summary>
    public bool HasProof => proof is not null;

    public Points Points { get; private set; }

    /// <summary>Contributes and waits for the verdict.</summary>
    public async Task ContributeAsync(DemoWorld world, string stateDirectory, CancellationToken cancellationToken)
    {
        var contributor = new Contributor(
            world.Api, Key, stateDirectory, new ChainView(world.Chain, world.Dao.Dao), new ContributorOptions { FirstPoll = TimeSpan.FromMilliseconds(100) }, world.Time);
        await using var stream = new FileStream(export, FileMode.Open, FileAccess.Read, FileShare.Read);
        Result<ContributionStatus> result;
        try
        {
            result = await contributor.ContributeAsync(stream, null, cancellationToken, proof).ConfigureAwait(false);
        }
        catch (CommonholdException e) when (e is { Refusal: { } refused, IsTransient: false })
        {
            Refusal = refused;
            return;
        }

        if (!result.TryGet(out var status, out var refusal))
        {
            Refusal = refusal;
        }
        else if (status.State == ContributionState.Refused)
        {
            Refusal = new Refusal(ReportCode(status), $"{File} was refused by a validator.");
        }
        else
        {
            Digest = status.CiphertextDigest;
            Level = Report.Parse(System.Text.Encoding.UTF8.GetBytes(status.Report!)).Value.Level;
            Points = status.Verdict?.Points ?? Points.Zero;
            Plaintext = await CleanedAsync(stream, cancellationToken).ConfigureAwait(false);
            if (await ReadBackAsync(world, status, cancellationToken).ConfigureAwait(false) is var back && back != Plaintext)
                throw new CommandFailedException($"{File}: its member reads {back} and sealed {Plaintext}");
        }
    }

    /// <summary>Signs a vote that the relayer sends.</summary>
    public async Task<RelayReceipt> VoteAsync(DemoWorld world, System.Numerics.BigInteger proposal, VoteSupport support, CancellationToken cancellationToken)
    {
        var nonce = await world.ReadAsync(new Client.Contracts.DataGovernor(world.Dao.Governor).Nonces(Key.Address), cancellationToken).ConfigureAwait(false);
        var vote = new Ballot(proposal, support, Key.Address, nonce).Signed(Key.Account, world.ChainId, world.Dao.Governor);
        return await world.Api.RelayVoteAsync(vote, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => Key.Dispose();

    private static async Task<Bytes32> CleanedAsync(Stream export, CancellationToken cancellationToken)
    {
        export.Position = 0;
        using var hash = SHA256.Create();
        await using (var sink = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            await Task.Run(() => new RedditFormat().TryClean(ExportSource.Open(export), sink, cancellationToken).OrThrow(), cancellationToken).ConfigureAwait(false);
        }

        return Bytes32.FromSpan(hash.Hash);
    }

    /// <summary>The member can always read its own files: the node's copy, opened with the member's own identity.</summary>
    private async Task<Bytes32> ReadBackAsync(DemoWorld world, ContributionStatus status, CancellationToken cancellationToken)
    {
        using var ciphertext = new MemoryStream();
        await world.Api.DownloadBlobAsync(status.CiphertextDigest, ciphertext, (long)status.Size, cancellationToken).ConfigureAwait(false);
        ciphertext.Position = 0;
        using var hash = SHA256.Create();
        await using (var sink = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
            await AgeFile.DecryptAsync(ciphertext, sink, [Key.Identity], cancellationToken: cancellationToken).ConfigureAwait(false);
        return Bytes32.FromSpan(hash.Hash);
    }

    private static string ReportCode(ContributionStatus status) =>
        System.Text.Json.JsonSerializer.Deserialize(status.Report ?? "null", WireJson.Default.Report)?.Refusal?.Code
        ?? throw new CommandFailedException($"the verdict on {status.CiphertextDigest} refuses without a code");
}
