using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>How a grant is opened.</summary>
public sealed record OpenOptions
{
    /// <summary>Downloads and decryptions at the same time.</summary>
    public int Parallelism { get; init; } = Math.Max(4, 4 * Environment.ProcessorCount);

    /// <summary>How long a guardian may take before another one is asked as well.</summary>
    public TimeSpan HedgeAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Contributions a guardian is asked for at a time, at most <see cref="ReleaseRequest.MaxIndices"/>.</summary>
    public int IndicesPerCall { get; init; } = ReleaseRequest.MaxIndices;

    /// <summary>Files up to this size are held in memory while they are checked; longer ones go through a temporary file.</summary>
    public int MemoryLimit { get; init; } = 4 * 1024 * 1024;
}

/// <summary>A guardian and its place in the epoch, from 1.</summary>
public sealed record GuardianLink(uint Index, IGuardianClient Client);

public enum OpenOutcome
{
    Opened,

    /// <summary>An earlier run opened it, and the file is still what it was.</summary>
    AlreadyOpened,

    /// <summary>The guardians refused this one: withdrawn, for example.</summary>
    Refused,

    /// <summary>It could not be fetched or decrypted.</summary>
    Failed,
}

/// <summary>What became of one contribution.</summary>
/// <param name="Path">Of the plaintext; null when there is none.</param>
/// <param name="PlaintextDigest">SHA-256 of the plaintext.</param>
public sealed record OpenedContribution(
    BatchId BatchId, uint Index, Address Owner, Bytes32 CiphertextDigest, OpenOutcome Outcome, string? Path = null,
    Bytes32? PlaintextDigest = null, long Bytes = 0, Refusal? Refusal = null);

/// <summary>What opening a grant came to.</summary>
/// <param name="Contributions">One for each leaf in scope, in order.</param>
/// <param name="Liars">Guardians whose wrong answers were proved.</param>
/// <param name="Faults">Guardians that did not answer, with the reason of the last time.</param>
public sealed record OpenReport(
    IReadOnlyList<OpenedContribution> Contributions,
    IReadOnlyList<uint> Liars,
    IReadOnlyDictionary<uint, Refusal> Faults)
{
    public int Count(OpenOutcome outcome) => Contributions.Count(c => c.Outcome == outcome);

    public bool IsComplete => Contributions.All(c => c.Outcome is OpenOutcome.Opened or OpenOutcome.AlreadyOpened);
}

public sealed record OpenProgress(int Done, int Total, long Bytes);
