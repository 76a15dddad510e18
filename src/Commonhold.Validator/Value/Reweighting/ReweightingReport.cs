using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commonhold.Validator.Value.Reweighting;

/// <summary>A week's re-weighting, for everybody: the task, how well it goes, and what each cluster's texts were worth to it.</summary>
/// <param name="Week">ISO week: <c>2026-W47</c>.</param>
/// <param name="Texts">Texts that took part.</param>
/// <param name="Tests">Of those, the ones that were predicted.</param>
/// <param name="Accuracy">The share of right labels among the nearest texts.</param>
/// <param name="Clusters">By value. The pseudonyms are new each week.</param>
internal sealed record ReweightingReport(
    int Version,
    string Week,
    string Task,
    int Neighbours,
    int Texts,
    int Tests,
    double Accuracy,
    double LeastMultiplier,
    double MostMultiplier,
    IReadOnlyList<ReweightedCluster> Clusters)
{
    public const int CurrentVersion = 1;

    public byte[] ToJsonBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ReweightingJson.Default.ReweightingReport);
}

/// <param name="Pseudonym">64 bits; <c>unproved</c> for everybody without a proof, who count as one.</param>
/// <param name="Points">Texts that could help predict.</param>
/// <param name="Value">Their Shapley values in one sum; over all clusters they add up to the accuracy.</param>
/// <param name="Multiplier">Of what later contributions of the cluster are paid.</param>
internal sealed record ReweightedCluster(string Pseudonym, int Points, double Value, double Multiplier);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ReweightingReport))]
internal sealed partial class ReweightingJson : JsonSerializerContext;
