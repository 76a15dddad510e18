using System.Text.Json;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.ServerTests.Node;

/// <summary>One verdict that nobody would sign for must not keep everybody else out of every batch.</summary>
[Trait("Speed", "slow")]
public sealed class BlockedBatchTests : IDisposable
{
    private static readonly Bytes32 Account = Keccak256.Hash("one account"u8);
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [AnvilFact]
    public async Task An_account_that_two_validators_accepted_for_two_owners_is_committed_for_one_of_them_alone()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Batching = options.Batching with { MaxAge = TimeSpan.FromSeconds(2) } });
        var files = new[] { SampleFile.Make(world), SampleFile.Make(world), SampleFile.Make(world) };
        for (var i = 0; i < 2; i++)
            await ContributeAsync(world, node, files[i], world.Validators[i], Account);
        await files[2].ContributeAsync(world, node.Client);
        await TestValidators.UntilAsync(world, node, files[2].Digest, ContributionState.Committed);
        // Within one second of each other either may come first.
        var states = await Task.WhenAll(files[..2].Select(async file => (await node.Client.GetContributionAsync(file.Digest, default))!.State));
        Assert.Equal([ContributionState.Accepted, ContributionState.Committed], states.Order());
    }

    [AnvilFact]
    public async Task An_open_batch_with_the_verdict_of_a_validator_that_was_voted_out_makes_room_for_the_next()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path);
        var (first, second) = (SampleFile.Make(world), SampleFile.Make(world));
        await ContributeAsync(world, node, first, world.Validators[1], Account);
        var desk = new ValidatorNodeClient(node.Http, world.Validators[0], world.Contracts.Registry);
        await Eventually.HoldsAsync(async () => (await desk.GetWorkAsync(TimeSpan.Zero, default)).Batches.Count == 1, "the batch is open");

        await VoteAsync(world, new ContributionRegistry(world.Contracts.Registry).SetValidators([world.Validators[0].Address], 1));
        await second.ContributeAsync(world, node.Client);
        await Eventually.HoldsAsync(async () =>
        {
            var work = await desk.GetWorkAsync(TimeSpan.Zero, default);
            foreach (var item in work.Contributions)
                await desk.PostVerdictAsync(TestValidators.Accept(world, item.Contribution), default);
            // What an honest validator does: no signature under the verdict of somebody who is no validator.
            foreach (var batch in work.Batches.Where(batch => batch.Verdicts.All(verdict => verdict.Validator == world.Validators[0].Address)))
                await SignIfStillOpenAsync(desk, world, batch);
            return (await node.Client.GetContributionAsync(second.Digest, default))?.State == ContributionState.Committed;
        }, "the second contribution is committed");
    }

    [AnvilFact]
    public async Task What_a_validator_accepted_that_was_voted_out_is_judged_by_another_and_committed()
    {
        await using var world = await NodeWorld.CreateAsync();
        var file = SampleFile.Make(world);
        await using (var node = await RunningNode.StartAsync(world, _scratch.Path))
        {
            await ContributeAsync(world, node, file, world.Validators[1], Account);
            // Still a validator's: asked again, it is what it was.
            Assert.Equal(ContributionState.Accepted, await AgainAsync(node));
            await VoteAsync(world, new ContributionRegistry(world.Contracts.Registry).SetValidators([world.Validators[0].Address], 1));
            await Eventually.HoldsAsync(async () => await AgainAsync(node) == ContributionState.Waiting, "it waits again");
        }

        // Started again, nothing is left of the first verdict, in the journal or in the open batch.
        await using var restarted = await RunningNode.StartAsync(world, _scratch.Path);
        Assert.Equal(ContributionState.Waiting, (await restarted.Client.GetContributionAsync(file.Digest, default))?.State);
        var desk = new ValidatorNodeClient(restarted.Http, world.Validators[0], world.Contracts.Registry);
        await Eventually.HoldsAsync(async () =>
        {
            var work = await desk.GetWorkAsync(TimeSpan.Zero, default);
            foreach (var item in work.Contributions)
                await desk.PostVerdictAsync(TestValidators.Accept(world, item.Contribution), default);
            foreach (var batch in work.Batches.Where(batch => batch.Verdicts.All(verdict => verdict.Validator == world.Validators[0].Address)))
                await SignIfStillOpenAsync(desk, world, batch);
            return (await restarted.Client.GetContributionAsync(file.Digest, default))?.State == ContributionState.Committed;
        }, "it is committed");

        async Task<ContributionState?> AgainAsync(RunningNode node)
        {
            await node.Client.SubmitAsync(file.Submission(world), default);
            return (await node.Client.GetContributionAsync(file.Digest, default))?.State;
        }
    }

    private static BatchSignature Sign(NodeWorld world, BatchProposal batch)
    {
        BatchMessage message = new(batch.BatchId, batch.Previous, batch.Root, batch.Count, batch.Points, batch.RewardRoot, batch.RewardPoints);
        return new BatchSignature(world.Validators[0].Address, message.StructHash(), message.Sign(world.Validators[0], world.Registry));
    }

    private static async Task ContributeAsync(NodeWorld world, RunningNode node, SampleFile file, Secp256k1Key validator, Bytes32 account)
    {
        await node.Client.UploadAsync(file.Digest, new MemoryStream(file.Age), null, default);
        await node.Client.SubmitAsync(file.Submission(world) with { Validator = validator.Address }, default);
        var terms = file.Terms();
        var report = new Report(Report.CurrentVersion, file.Digest, validator.Address, 1, true, TestValidators.Worth, null, default, EvidenceLevel.Structure, TestValidators.AnythingPaid, Findings.NotChecked("A test."), [], [], default).ToJsonBytes();
        var verdict = new Verdict(terms.Owner, terms.CiphertextDigest, terms.Size, terms.EphemeralShare, terms.Schema, terms.KeyEpoch, true, TestValidators.Worth, account, Report.DigestOf(report));
        await new ValidatorNodeClient(node.Http, validator, world.Contracts.Registry).PostVerdictAsync(
            VerdictSubmission.From(SignedVerdict.From(verdict, verdict.Sign(validator, world.Registry)), validator.Address, report), default);
    }

    /// <summary>What a vote would do, without the vote: the timelock's own transaction.</summary>
    internal static async Task VoteAsync(NodeWorld world, ContractCall call)
    {
        await world.FundAsync(world.Contracts.Timelock);
        var from = world.Contracts.Timelock.ToString();
        await world.Anvil.CallAsync("anvil_impersonateAccount", [from], default);
        await world.Anvil.CallAsync("eth_sendTransaction", [JsonSerializer.SerializeToElement(new { from, to = call.To.ToString(), data = Hex.Encode(call.Data.Span) })], default);
    }

    /// <summary>The node may open the batch anew between showing it and taking the signature; then it is shown again.</summary>
    private static async Task SignIfStillOpenAsync(ValidatorNodeClient desk, NodeWorld world, BatchProposal batch)
    {
        try
        {
            await desk.PostBatchSignatureAsync(batch.BatchId, Sign(world, batch), default);
        }
        catch (CommonholdException e) when (e.Refusal?.Code == "batch.stale")
        {
        }
    }
}
