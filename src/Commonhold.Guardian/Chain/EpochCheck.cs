using Commonhold.Age;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Chain;

/// <summary>Holds a key share against its epoch on chain.</summary>
internal static class EpochCheck
{
    /// <summary>Whether this share, of this guardian, belongs to the key that all guardians of the epoch confirmed.</summary>
    public static bool IsConfirmedFor(this GuardianRegistry.Epoch epoch, KeyShare share, Address guardian) =>
        epoch.ActiveSince != 0
        && share.Index <= epoch.Guardians.Count && epoch.Guardians[share.Index - 1] == guardian
        && share.Key.Commitments.Count == epoch.Commitments.Count
        && share.Key.Commitments.Zip(epoch.Commitments).All(pair => pair.First.Bytes.SequenceEqual(pair.Second.AsSpan()));
}
