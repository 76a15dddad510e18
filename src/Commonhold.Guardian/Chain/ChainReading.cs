using System.Numerics;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Guardians.Release;

namespace Commonhold.Guardians.Chain;

/// <summary>The chain at one block, as one answer sees it.</summary>
internal sealed class ChainReading(ChainRpc rpc, DaoReference dao, BlockPoint block, ulong now) : IBatchSource
{
    private const int BitsAWord = 256;

    public BlockPoint Block => block;

    /// <summary>Chain time, Unix seconds.</summary>
    public ulong Now => now;

    public required GrantReading Grant { get; init; }

    public required ulong BatchCount { get; init; }

    public async Task<IReadOnlyList<BatchCommitment>> ReadBatchesAsync(
        ulong first, ulong last, CancellationToken cancellationToken)
    {
        List<ContractCall<ContributionRegistry.CommittedBatch>> calls = [];
        for (var batch = first; batch <= last; batch++)
            calls.Add(dao.Contributions.BatchAt(batch));
        var answers = await rpc.CallAsync(block.Hash, calls, cancellationToken);
        return [.. calls.Zip(answers, ChainRpc.Decode).Select(batch => new BatchCommitment(batch.Root, batch.Count))];
    }

    public async Task<bool> IsCanonicalAsync(BlockPoint seen, CancellationToken cancellationToken) =>
        await rpc.BlockAsync(ChainRpc.Quantity(seen.Number), cancellationToken) is { } there && there.Hash == seen.Hash;

    public Task<GuardianRegistry.Epoch> ReadEpochAsync(uint epoch, CancellationToken cancellationToken) =>
        rpc.CallAsync(block.Hash, dao.Guardians.EpochAt(epoch), cancellationToken);

    /// <summary>Which of the indices their owners have withdrawn; read 256 bits at a time.</summary>
    public async Task<IReadOnlySet<uint>> ReadWithdrawnAsync(
        BatchId batch, IReadOnlyList<uint> indices, CancellationToken cancellationToken)
    {
        var runs = Runs([.. indices.Select(index => index / BitsAWord).Distinct().Order()]);
        var calls = runs.ConvertAll(run => dao.Contributions.WithdrawnWords(batch.Value, run.First, run.Count));
        var answers = await rpc.CallAsync(block.Hash, calls, cancellationToken);

        Dictionary<uint, BigInteger> words = [];
        for (var i = 0; i < runs.Count; i++)
        {
            var read = ChainRpc.Decode(calls[i], answers[i]);
            if (read.Count != runs[i].Count)
                throw ChainRpc.Unavailable($"it returned {read.Count} words of withdrawals instead of {runs[i].Count}");
            for (uint word = 0; word < runs[i].Count; word++)
                words[runs[i].First + word] = read[(int)word];
        }

        return indices.Where(index => !((words[index / BitsAWord] >> (int)(index % BitsAWord)) & 1).IsZero).ToHashSet();
    }

    /// <summary>Neighbouring words are read by one call.</summary>
    private static List<(uint First, uint Count)> Runs(uint[] words)
    {
        List<(uint First, uint Count)> runs = [];
        foreach (var word in words)
        {
            if (runs.Count > 0 && runs[^1].First + runs[^1].Count == word)
                runs[^1] = (runs[^1].First, runs[^1].Count + 1);
            else
                runs.Add((word, 1));
        }

        return runs;
    }
}
