namespace Commonhold.Validator.Value.Reweighting;

/// <summary>Texts as vectors, with whose they are and where they were written: the points of the task.</summary>
internal sealed class LabelledTexts
{
    private readonly List<sbyte> _vectors = [];
    private readonly List<uint> _clusters = [];
    private readonly List<ulong> _labels = [];

    public int Count => _labels.Count;

    /// <param name="cluster">0 for everybody without a proof: they count as one.</param>
    /// <param name="label">A keyed digest of the community.</param>
    public void Add(uint cluster, ulong label, ReadOnlySpan<sbyte> vector)
    {
        _vectors.AddRange(vector[..TextFeatures.Dimensions]);
        _clusters.Add(cluster);
        _labels.Add(label);
    }

    public uint ClusterOf(int point) => _clusters[point];

    public ulong LabelOf(int point) => _labels[point];

    public ReadOnlySpan<sbyte> VectorOf(int point) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_vectors).Slice(point * TextFeatures.Dimensions, TextFeatures.Dimensions);
}
