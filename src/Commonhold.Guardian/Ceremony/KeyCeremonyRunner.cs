using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians.Chain;
using Commonhold.Guardians.Keys;

namespace Commonhold.Guardians.Ceremony;

/// <summary>What a guardian did in a ceremony so far, for whoever watches.</summary>
internal sealed record CeremonyProgress(int Round, IReadOnlyList<int> Missing);

/// <summary>Runs this guardian's side of the key ceremony, through the node as a relay, up to its own <c>confirmKey</c>.</summary>
/// <remarks>
/// Guarantee: killed at any moment and started again it says the same as before, so that it can never be caught with two
/// messages; the share is on the disk before it is confirmed on chain.
/// Trusts: its own chain node and disk. Verifies: every message's signature against the guardians on chain; the rest is
/// <see cref="KeyCeremony"/>'s. The relay can stall a ceremony, not change it.
/// Flow: save → publish → collect → … → keep the share → confirm on chain → forget the polynomial.
/// </remarks>
internal sealed class KeyCeremonyRunner(
    GuardianKeys keys, GuardianKeyStore store, INodeClient relay, EpochChain chain, TimeProvider time, ILogger logger)
{
    /// <summary>How long to wait between two looks at the relay. Default half a second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Takes part until this guardian's own confirmation is on chain; done at once when it already is.</summary>
    /// <exception cref="GuardianException">The ceremony failed, naming the guardian at fault, or cannot go on.</exception>
    public async Task<KeyShare> RunAsync(uint epoch, IProgress<CeremonyProgress>? progress, CancellationToken cancellationToken)
    {
        var dao = chain.Dao;
        CeremonyFile file = new(store.Directory.CeremonyFile(epoch), keys);
        var share = keys.ShareFor(dao.ChainId, dao.Guardians.Address, epoch);
        if (share is null)
        {
            var plan = CeremonyPlan.Of(dao, epoch, await chain.ReadAsync(epoch, cancellationToken), keys.Account.Address);
            using var ceremony = file.OpenOrStart(plan);
            await TalkAsync(plan, ceremony, file, progress, cancellationToken);
            using var saved = ceremony.Share!.Save();
            share = KeyShare.Load(saved.Span);
            keys.Add(new HeldShare(dao.ChainId, dao.Guardians.Address, epoch, share));
            await store.SaveAsync(keys, cancellationToken);
        }

        await chain.ConfirmAsync(epoch, share, keys.Account, cancellationToken);
        file.Delete();
        return share;
    }

    private async Task TalkAsync(
        CeremonyPlan plan, KeyCeremony ceremony, CeremonyFile file, IProgress<CeremonyProgress>? progress,
        CancellationToken cancellationToken)
    {
        // From the first round again: a relay that lost messages gets them back, one that has them answers "known".
        var published = 0;
        var changed = true;
        while (true)
        {
            if (changed)
                await file.SaveAsync(ceremony, cancellationToken);
            for (; ceremony.MessageOf(published) is { } message; published++)
                await PublishAsync(plan, published, message, cancellationToken);
            if (ceremony.Fault is { } fault)
                throw Failed(plan, fault);
            if (ceremony.IsComplete)
                return;

            progress?.Report(new CeremonyProgress(ceremony.Round, ceremony.Missing));
            changed = await CollectAsync(plan, ceremony, cancellationToken);
            if (!changed)
                await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private async Task PublishAsync(CeremonyPlan plan, int round, byte[] message, CancellationToken cancellationToken)
    {
        var put = plan.Sign(round, message, keys.Account);
        try
        {
            await RetryAsync(
                () => relay.PutCeremonyMessageAsync(plan.Epoch, (byte)round, (uint)plan.Self, put, cancellationToken), cancellationToken);
        }
        catch (CommonholdException e) when (!e.IsTransient)
        {
            throw new GuardianException(
                ReleaseCodes.CeremonyFailed, $"The relay refuses this guardian's message of round {round}: {e.Message}",
                "It holds another one in this guardian's place: it is not honest, or this guardian's saved ceremony was lost. "
                + "No key was made; the DAO starts another epoch by vote.", e);
        }
    }

    /// <summary>Takes in what the relay has of the current round.</summary>
    private async Task<bool> CollectAsync(CeremonyPlan plan, KeyCeremony ceremony, CancellationToken cancellationToken)
    {
        var round = ceremony.Round;
        IReadOnlyList<CeremonyPost> posts = [];
        await RetryAsync(
            async () => posts = await relay.GetCeremonyMessagesAsync(plan.Epoch, (byte)round, cancellationToken), cancellationToken);
        var changed = false;
        foreach (var post in posts)
        {
            if (!plan.IsSigned(round, (int)Math.Min(post.Guardian, int.MaxValue), post))
                logger.LogWarning(
                    "The relay holds a message of round {Round} that guardian {Guardian} did not sign; it is left out.", round, post.Guardian);
            else if (ceremony.Round == round && ceremony.Accept(round, (int)post.Guardian, post.Message))
                changed = true;
        }

        return changed;
    }

    /// <summary>A relay that is away is waited for; a ceremony has no deadline.</summary>
    private async Task RetryAsync(Func<Task> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (CommonholdException e) when (e.IsTransient)
            {
                logger.LogWarning("The relay cannot be reached, trying again: {Reason}", e.Message);
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }
    }

    private static GuardianException Failed(CeremonyPlan plan, CeremonyFault fault) => new(
        ReleaseCodes.CeremonyFailed,
        $"The ceremony of epoch {plan.Epoch} failed ({fault.Code}), by guardian {fault.Dealer} as guardian {fault.Accuser} sees it: {fault.Detail}",
        "No key was made. The DAO starts another epoch by vote, without whoever is at fault.");
}
