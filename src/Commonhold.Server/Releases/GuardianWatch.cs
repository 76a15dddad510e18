using System.Collections.Concurrent;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Releases;

/// <summary>Keeps an eye on every guardian whose address is configured: is it there, is it the one that the chain names, and what does its log say.</summary>
/// <remarks>Each guardian is followed by a loop of its own, so that one that is dead, slow or lying keeps nobody waiting. A silent one is asked
/// less and less often, up to <see cref="ReleaseOptions.LongestPause"/>.</remarks>
internal sealed class GuardianWatch(
    GuardianFeed feed, LogFollower follower, ChainState chain, IBlobStore store, NodeOptions options, TimeProvider time, ILogger<GuardianWatch> log) : BackgroundService
{
    private readonly ConcurrentDictionary<int, Sighting> _sightings = new();

    /// <summary>Beats when lines came in, or a guardian's state changed.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>What was last seen of the guardian at a place of the list, from 0; null before the first look.</summary>
    public Sighting? At(int place) => _sightings.GetValueOrDefault(place);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(options.GuardianUrls.Select((url, place) => FollowAsync(place, url, stoppingToken)));

    /// <summary>One look at a guardian; true when its log goes on.</summary>
    internal async Task<bool> StepAsync(int place, Uri url, CancellationToken cancellationToken)
    {
        if (chain.Current is not { } snapshot || place >= snapshot.Parties.Guardians.Count)
            return false;
        var account = snapshot.Parties.Guardians[place];
        try
        {
            var described = await feed.DescribeAsync(url, cancellationToken);
            if (described.TryGet(out var info, out var refusal) && info.Address != account)
            {
                // Its log is another's; what it says is not held against the one that should answer here.
                See(place, new Sighting(account, GuardianState.Other, $"{info.Address} answers there.", info, Now));
                return false;
            }

            // Strangers lengthen a log by asking, a dishonest guardian as it likes: it may not take the room that is kept for verdicts and batches.
            if (store.AvailableBytes == 0)
            {
                See(place, new Sighting(account, GuardianState.NotReady, "This node's disk is nearly full, so it reads on in no log.", info, Now));
                return false;
            }

            var step = await follower.StepAsync(account, from => feed.LinesAsync(url, from, cancellationToken), cancellationToken);
            See(place, step.Fault is { } fault ? new Sighting(account, GuardianState.Faulty, fault.Detail, info, Now)
                : info is not null ? new Sighting(account, GuardianState.Answers, null, info, Now)
                : new Sighting(account, GuardianState.NotReady, refusal!.Detail, null, Now), step.Taken > 0);
            return step.HasMore;
        }
        catch (GuardianSilentException silent)
        {
            See(place, new Sighting(account, GuardianState.Silent, silent.Message, null, At(place)?.AnsweredAt));
            throw;
        }
    }

    private async Task FollowAsync(int place, Uri url, CancellationToken stoppingToken)
    {
        var pause = options.Releases.PollInterval;
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = chain.Changed.Next;
            try
            {
                while (await StepAsync(place, url, stoppingToken))
                {
                }

                pause = options.Releases.PollInterval;
                if (chain.Current is null)
                    await Pulse.WaitAsync(changed, pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (GuardianSilentException)
            {
                pause = pause * 2 < options.Releases.LongestPause ? pause * 2 : options.Releases.LongestPause;
            }
            catch (Exception problem)
            {
                log.LogError(problem, "Following guardian {Guardian} failed; it is tried again.", place + 1);
                pause = options.Releases.LongestPause;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void See(int place, Sighting now, bool hasNews = false)
    {
        var before = At(place);
        _sightings[place] = now;
        var isNew = before is null || before.State != now.State || before.Guardian != now.Guardian;
        if (isNew && now.State is not GuardianState.Answers)
            log.LogWarning("Guardian {Guardian} ({Account}): {State}: {Problem}", place + 1, now.Guardian, now.State, now.Problem);
        if (isNew || hasNews)
            Changed.Beat();
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();
}

/// <summary>How a guardian stands, seen from here.</summary>
internal enum GuardianState
{
    /// <summary>Nobody said where it answers, or it was not asked yet.</summary>
    Unknown,
    Answers,

    /// <summary>It is there and says that it cannot release now.</summary>
    NotReady,
    Silent,

    /// <summary>Another guardian answers at its address.</summary>
    Other,

    /// <summary>Its log forgot or changed something, or does not hold together.</summary>
    Faulty,
}

/// <param name="Problem">A sentence; null when all is well.</param>
/// <param name="AnsweredAt">Unix seconds by the node's clock; null when it never answered since the node started.</param>
internal sealed record Sighting(Address Guardian, GuardianState State, string? Problem, GuardianInfo? Info, long? AnsweredAt);
