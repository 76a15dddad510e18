using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Commonhold.Age;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What guardians said about one contribution.</summary>
internal sealed class Answers
{
    public List<(PartialAnswer Answer, DleqProof? Proof)> Given { get; } = [];

    /// <summary>Refusals of this contribution alone, by guardian.</summary>
    public Dictionary<uint, string> Refused { get; } = [];
}

/// <summary>Asks guardians for their answers: the first t that give them, others when those fail or dawdle.</summary>
/// <remarks>Guardians are not trusted: an answer is taken only for what was asked, in the asked guardian's own name, and one
/// that is proved wrong is never asked again. Safe for use by several callers at once.</remarks>
internal sealed class ReleaseGatherer(
    IReadOnlyList<GuardianLink> guardians, X25519Identity identity, GrantId grant, GrantTerms terms, OpenOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<uint, Refusal> _faults = new();
    private readonly ConcurrentDictionary<uint, bool> _liars = new();
    private readonly ConcurrentDictionary<uint, bool> _excluded = new();

    public IReadOnlyDictionary<uint, Refusal> Faults => _faults;

    public IReadOnlyList<uint> Liars => [.. _liars.Keys.Order()];

    /// <summary>How many guardians are not asked any more: liars, and those that would not stand by an answer.</summary>
    public int ExcludedCount => _excluded.Count;

    public bool IsExcluded(uint guardian) => _excluded.ContainsKey(guardian);

    /// <summary>Answers for the contributions of one batch and key epoch, at least <paramref name="threshold"/> for each that is
    /// not refused.</summary>
    /// <returns>Refused as a whole when too few guardians answer: with their own code when they refuse, else <c>guardian.too_few</c>.</returns>
    public async Task<Result<IReadOnlyDictionary<uint, Answers>>> GatherAsync(
        BatchId batch, uint epoch, IReadOnlyList<uint> indices, int threshold, CancellationToken cancellationToken)
    {
        Dictionary<uint, Answers> found = indices.ToDictionary(i => i, _ => new Answers());
        // Those that failed before come last; the others in random order, which spreads the load.
        GuardianLink[] shuffled = [.. guardians.Where(g => !IsExcluded(g.Index))];
        RandomNumberGenerator.Shuffle(shuffled.AsSpan());
        Queue<GuardianLink> waiting = new(shuffled.OrderBy(g => _faults.ContainsKey(g.Index)));
        List<Task<GuardianAnswer>> running = [];
        Dictionary<uint, Refusal> failures = [];
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            int answered = 0;
            int wanted = threshold;
            while (!IsSettled(found, threshold))
            {
                while (running.Count < wanted - answered && waiting.TryDequeue(out GuardianLink? next))
                    running.Add(AskAsync(next, batch, epoch, indices, proofs: false, enough.Token));
                if (running.Count == 0)
                    break;

                Task<GuardianAnswer> first = Task.WhenAny(running).Unwrap();
                Task slow = Task.Delay(options.HedgeAfter, time, enough.Token);
                if (await Task.WhenAny(first, slow).ConfigureAwait(false) == slow && waiting.Count > 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    wanted++;
                    continue;
                }

                GuardianAnswer answer = await first.ConfigureAwait(false);
                running.RemoveAll(t => t.IsCompletedSuccessfully && ReferenceEquals(t.GetAwaiter().GetResult(), answer));
                if (answer.Failure is { } failure)
                    failures[answer.Guardian] = failure;
                else
                {
                    answered++;
                    Take(found, answer);
                    // One guardian may refuse what others answer; then one more is needed.
                    if (answered >= wanted && !IsSettled(found, threshold))
                        wanted++;
                }
            }
        }
        finally
        {
            await enough.CancelAsync().ConfigureAwait(false);
        }

        return IsAnswerable(found, threshold) ? found : TooFew(failures, threshold);
    }

    /// <summary>Asks for proofs of one contribution's answers, and excludes whoever cannot prove its own.</summary>
    public async Task NameLiarsAsync(BatchId batch, Leaf leaf, ThresholdIdentity threshold, IEnumerable<int> suspects, CancellationToken cancellationToken)
    {
        foreach (GuardianLink guardian in guardians.Where(g => suspects.Contains((int)g.Index) && !IsExcluded(g.Index)))
        {
            GuardianAnswer answer = await AskAsync(guardian, batch, leaf.KeyEpoch, [leaf.Index], proofs: true, cancellationToken).ConfigureAwait(false);
            if (answer.Answers is not [var (_, partial, proof)])
            {
                // Answered without a proof, and now with nothing: not proved a liar, but of no use for this grant.
                _excluded.TryAdd(guardian.Index, true);
                _faults[guardian.Index] = answer.Failure ?? new Refusal("guardian.no_proof", $"Guardian {guardian.Index} does not prove its answer.");
            }
            else if (threshold.NameLiars(leaf.EphemeralShare.ToArray(), [(partial, proof)]).Count > 0)
            {
                _liars.TryAdd(guardian.Index, true);
                _excluded.TryAdd(guardian.Index, true);
            }
        }
    }

    private static void Take(Dictionary<uint, Answers> found, GuardianAnswer answer)
    {
        foreach ((uint index, PartialAnswer partial, DleqProof? proof) in answer.Answers)
        {
            if (found.TryGetValue(index, out Answers? answers) && answers.Given.TrueForAll(g => g.Answer.Guardian != partial.Guardian))
                answers.Given.Add((partial, proof));
        }

        foreach (ShareRefusal refusal in answer.Refused)
        {
            if (found.TryGetValue(refusal.Index, out Answers? answers))
                answers.Refused[answer.Guardian] = refusal.Code;
        }
    }

    /// <summary>Settled: enough answers, or so many refusals that enough cannot come any more.</summary>
    private bool IsSettled(Dictionary<uint, Answers> found, int threshold) =>
        found.Values.All(a => a.Given.Count >= threshold || a.Refused.Count > guardians.Count - threshold);

    /// <summary>At least t guardians spoke about each contribution, whatever they said.</summary>
    private static bool IsAnswerable(Dictionary<uint, Answers> found, int threshold) =>
        found.Values.All(a => a.Given.Count + a.Refused.Count >= threshold);

    private static Refusal TooFew(Dictionary<uint, Refusal> failures, int threshold)
    {
        // When they refuse the grant itself, their code tells more than ours.
        IGrouping<string, Refusal>? common = failures.Values.Where(f => f.Code.StartsWith("grant.", StringComparison.Ordinal) || f.Code == "manifest.root_mismatch")
            .GroupBy(f => f.Code).MaxBy(g => g.Count());
        if (common is not null)
            return common.First();
        string each = string.Join("; ", failures.OrderBy(f => f.Key).Select(f => $"guardian {f.Key}: {f.Value.Code}"));
        return new Refusal("guardian.too_few", $"{threshold} guardians must answer and too few did. {each}", "Try again when more guardians are up.");
    }

    private async Task<GuardianAnswer> AskAsync(
        GuardianLink guardian, BatchId batch, uint epoch, IReadOnlyList<uint> indices, bool proofs, CancellationToken cancellationToken)
    {
        try
        {
            byte[] sealedAnswer = await guardian.Client.ReleaseAsync(new ReleaseRequest(grant, terms, batch, indices, proofs), cancellationToken).ConfigureAwait(false);
            using SecretBytes json = AgeFile.Open(sealedAnswer, identity);
            ReleaseAnswer answer = JsonSerializer.Deserialize(json.Span, WireJson.Default.ReleaseAnswer) ?? throw new JsonException("The answer is null.");
            if (answer.Version != ReleaseAnswer.CurrentVersion || answer.Guardian != guardian.Index || answer.GrantId != grant
                || answer.BatchId != batch || answer.Epoch != epoch)
                return Failed(guardian, new Refusal("guardian.answer_invalid", $"Guardian {guardian.Index} answered in another name, or to another question."));
            return new GuardianAnswer(
                guardian.Index,
                [.. answer.Answers.Select(a => (a.Index, new PartialAnswer((int)guardian.Index, a.Answer.ToArray()), ReadProof(a.Proof)))],
                answer.Refused);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Others were quicker, or the caller gave up: no fault of this guardian.
            return new GuardianAnswer(guardian.Index, [], []) { Failure = new Refusal("guardian.cancelled", "No longer needed.") };
        }
        catch (CommonholdException e)
        {
            return Failed(guardian, e.Refusal ?? new Refusal("guardian.failed", e.Message));
        }
        catch (Exception e) when (e is AgeException or JsonException)
        {
            return Failed(guardian, new Refusal("guardian.answer_invalid", $"The answer of guardian {guardian.Index} cannot be opened with this identity."));
        }
    }

    private GuardianAnswer Failed(GuardianLink guardian, Refusal failure)
    {
        _faults[guardian.Index] = failure;
        return new GuardianAnswer(guardian.Index, [], []) { Failure = failure };
    }

    private static DleqProof? ReadProof(string? proof)
    {
        try
        {
            return Hex.TryDecode(proof, out byte[]? bytes) && bytes.Length == DleqProof.Size ? DleqProof.Parse(bytes) : null;
        }
        catch (AgeException)
        {
            return null;
        }
    }

    private sealed record GuardianAnswer(
        uint Guardian, IReadOnlyList<(uint Index, PartialAnswer Answer, DleqProof? Proof)> Answers, IReadOnlyList<ShareRefusal> Refused)
    {
        public Refusal? Failure { get; init; }
    }
}
