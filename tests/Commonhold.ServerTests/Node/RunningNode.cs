using System.Diagnostics;
using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server;
using Commonhold.Server.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Commonhold.ServerTests.Node;

/// <summary>A node in this process with its HTTP interface on a free port.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    /// <summary>Far more than a busy machine needs: it only ends what would never end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly WebApplication _app;

    private RunningNode(WebApplication app, Uri url, MemoryLog log)
    {
        _app = app;
        Log = log;
        Http = NodeClient.CreateHttp(url);
        Http.Timeout = Patience;
        Client = new NodeClient(Http);
    }

    public HttpClient Http { get; }

    public NodeClient Client { get; }

    public MemoryLog Log { get; }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<RunningNode> StartAsync(NodeWorld world, string directory, Func<NodeOptions, NodeOptions>? change = null)
    {
        var options = (change ?? (same => same))(world.Options(directory));
        var log = new MemoryLog();
        var app = await NodeHost.BuildAsync(options, world.Relayer, default, logging: logging => logging.AddProvider(log));
        await app.StartAsync();
        var node = new RunningNode(app, new Uri(app.Urls.Single()), log);
        var answer = "";
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; await Task.Delay(100))
        {
            var ready = await node.Http.GetAsync("health/ready");
            if (ready.IsSuccessStatusCode)
                return node;
            answer = await ready.Content.ReadAsStringAsync();
            if ((int)ready.StatusCode == 500)
                break;
        }

        throw new InvalidOperationException($"The node does not become ready: {answer}\n{log}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>A member with one encrypted file.</summary>
internal sealed record SampleFile(Secp256k1Key Owner, byte[] Age, Bytes32 Digest, Bytes32 Share)
{
    public static SampleFile Make(NodeWorld world, Secp256k1Key? owner = null, int size = 500)
    {
        var file = AgeFile.Seal(RandomNumberGenerator.GetBytes(size), world.Dataset.Recipient);
        return new SampleFile(owner ?? Secp256k1Key.Generate(), file, Bytes32.FromSpan(SHA256.HashData(file)),
            Bytes32.FromSpan(AgeHeader.Parse(file).X25519Shares[0].Span));
    }

    public ContributionTerms Terms(ulong deadline = 4_000_000_000) =>
        new(Owner.Address, Digest, (ulong)Age.Length, Share, Schema.Hash(Schema.RedditExport), 1, deadline, Bytes32.Zero);

    public ContributionSubmission Submission(NodeWorld world, ContributionTerms? terms = null) => ContributionSubmission.From(
        (terms ?? Terms()).Signed(Owner, world.Registry), world.Registry, world.Validators[0].Address, AgeFile.Seal("ticket"u8, world.ValidatorIdentity.Recipient));

    public async Task ContributeAsync(NodeWorld world, NodeClient node)
    {
        await node.UploadAsync(Digest, new MemoryStream(Age), null, default);
        await node.SubmitAsync(Submission(world), default);
    }
}

/// <summary>Judges everything that waits, accepts it for the same points, and signs every batch it is shown.</summary>
internal static class TestValidators
{
    public static readonly Points Worth = new(2_000_000);

    /// <summary>More than any account here was ever paid, so that no verdict is stale.</summary>
    public static readonly Points AnythingPaid = new(1_000_000_000);

    public static VerdictSubmission Accept(NodeWorld world, ContributionTerms terms, bool accepted = true)
    {
        var key = world.Validators[0];
        var report = new Report(Report.CurrentVersion, terms.CiphertextDigest, key.Address, 1, accepted, accepted ? Worth : Points.Zero,
            accepted ? null : new Refusal("export.not_reddit", "It is not."), default, EvidenceLevel.Structure, AnythingPaid,
            Findings.NotChecked("A test."), [], [], default).ToJsonBytes();
        var verdict = new Verdict(terms.Owner, terms.CiphertextDigest, terms.Size, terms.EphemeralShare, terms.Schema, terms.KeyEpoch,
            accepted, accepted ? Worth : Points.Zero, Keccak256.Hash(terms.Owner.AsSpan()), Report.DigestOf(report));
        return VerdictSubmission.From(SignedVerdict.From(verdict, verdict.Sign(key, world.Registry)), key.Address, report);
    }

    /// <summary>One round of both validators; true when there was something to do.</summary>
    public static async Task<bool> WorkAsync(NodeWorld world, HttpClient http, HttpLimits? limits = null, CancellationToken cancellationToken = default)
    {
        var did = false;
        foreach (var key in world.Validators)
        {
            var node = new ValidatorNodeClient(http, key, world.Contracts.Registry, limits);
            var work = await node.GetWorkAsync(TimeSpan.Zero, cancellationToken);
            foreach (var item in work.Contributions)
                await node.PostVerdictAsync(Accept(world, item.Contribution), cancellationToken);
            foreach (var batch in work.Batches)
            {
                BatchMessage message = new(batch.BatchId, batch.Previous, batch.Root, batch.Count, batch.Points, batch.RewardRoot, batch.RewardPoints);
                try
                {
                    await node.PostBatchSignatureAsync(batch.BatchId, new BatchSignature(key.Address, message.StructHash(), message.Sign(key, world.Registry)), cancellationToken);
                }
                catch (CommonholdException overtaken) when (overtaken.Refusal?.Code == "batch.stale")
                {
                    // It was committed, or the chain went back, since the validator looked.
                }
            }

            did |= !work.IsEmpty;
        }

        return did;
    }

    public static Task UntilAsync(NodeWorld world, RunningNode node, Bytes32 digest, ContributionState state) => Eventually.HoldsAsync(async () =>
    {
        await WorkAsync(world, node.Http);
        return (await node.Client.GetContributionAsync(digest, default))?.State == state;
    }, $"{digest} is {state}");
}
