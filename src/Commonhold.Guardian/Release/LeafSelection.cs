using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Guardians.Chain;

namespace Commonhold.Guardians.Release;

/// <summary>The contributions of one call: which of them are answered, with what, and why the others are not.</summary>
internal sealed class LeafSelection : IDisposable
{
    private const int PointBytes = 32;

    /// <summary>What one worker multiplies at a time: the key share inverts 64 coordinates at once.</summary>
    private const int ChunkSize = 64;

    private readonly IndexedBatch _batch;
    private List<uint> _indices;
    private SecretBytes _answers = new(0);

    private LeafSelection(IndexedBatch batch, List<uint> indices, List<IndexRefusal> refused)
    {
        _batch = batch;
        _indices = indices;
        Refused = refused;
    }

    public IReadOnlyList<uint> Indices => _indices;

    public List<IndexRefusal> Refused { get; }

    /// <summary>32 bytes for each of <see cref="Indices"/>.</summary>
    public ReadOnlySpan<byte> Answers => _answers.Span;

    public static LeafSelection Of(
        IndexedBatch batch, IReadOnlyList<uint> asked, uint epoch, IReadOnlySet<uint> withdrawn)
    {
        List<uint> indices = [];
        List<IndexRefusal> refused = [];
        foreach (var index in asked)
        {
            if (WhyNot(batch, index, epoch, withdrawn) is { } code)
                refused.Add(new IndexRefusal(index, code));
            else
                indices.Add(index);
        }

        return new LeafSelection(batch, indices, refused);
    }

    /// <summary>Multiplies, on all cores. A share that is no point of the prime-order subgroup moves to <see cref="Refused"/>.</summary>
    public void Answer(KeyShare share)
    {
        var shares = new byte[_indices.Count * PointBytes];
        for (var i = 0; i < _indices.Count; i++)
            _batch.Share(_indices[i]).CopyTo(shares.AsSpan(i * PointBytes));

        SecretBytes answers = new(shares.Length);
        var chunks = (_indices.Count + ChunkSize - 1) / ChunkSize;
        Parallel.For(0, chunks, chunk =>
        {
            var start = chunk * ChunkSize * PointBytes;
            var length = Math.Min(ChunkSize * PointBytes, shares.Length - start);
            _ = share.Answer(shares.AsSpan(start, length), answers.Span.Slice(start, length));
        });
        _answers = answers;
        DropInvalid();
    }

    /// <summary>64 bytes for each of <see cref="Indices"/>: that the answer was made with the registered share.</summary>
    public IReadOnlyList<byte[]> Prove(KeyShare share)
    {
        var proofs = new byte[_indices.Count][];
        Parallel.For(0, proofs.Length, i => proofs[i] = share.Prove(_batch.Share(_indices[i]).AsSpan()).ToBytes());
        return proofs;
    }

    public void Dispose() => _answers.Dispose();

    private static string? WhyNot(IndexedBatch batch, uint index, uint epoch, IReadOnlySet<uint> withdrawn)
    {
        if (index >= batch.Count)
            return ReleaseCodes.ContributionUnknown;
        if (withdrawn.Contains(index))
            return ReleaseCodes.ContributionWithdrawn;
        if (batch.EarlierOwner(index) is not null)
            return ReleaseCodes.ShareReused;
        return batch.Epoch(index) != epoch ? ReleaseCodes.OtherEpoch : null;
    }

    private void DropInvalid()
    {
        var span = _answers.Span;
        List<uint> kept = [];
        for (var i = 0; i < _indices.Count; i++)
        {
            var answer = span.Slice(i * PointBytes, PointBytes);
            // The zero bytes with which the key share refuses.
            if (answer.IndexOfAnyExcept((byte)0) < 0)
            {
                Refused.Add(new IndexRefusal(_indices[i], ReleaseCodes.ShareInvalid));
                continue;
            }

            answer.CopyTo(span[(kept.Count * PointBytes)..]);
            kept.Add(_indices[i]);
        }

        _indices = kept;
    }
}
