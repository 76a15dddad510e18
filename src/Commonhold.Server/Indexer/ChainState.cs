using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;

namespace Commonhold.Server.Indexer;

/// <summary>The newest block that the tables stand at, with the few values that every request needs; replaced whole, never edited.</summary>
internal sealed class ChainState
{
    private volatile ChainSnapshot? _current;

    /// <summary>Beats after every change of the head or of the tables.</summary>
    public Pulse Changed { get; } = new();

    public ChainSnapshot? Current => _current;

    /// <summary>False while the tables are behind the chain that the endpoint last showed.</summary>
    public bool IsCaughtUp { get; private set; }

    /// <summary>When the endpoint last answered, by the node's own clock.</summary>
    public DateTimeOffset LastAnswer { get; private set; }

    public Result<ChainSnapshot> Read() => _current is { } snapshot ? snapshot : new Refusal("chain.not_ready",
        "The node has not read the chain yet.", "Try again in a few seconds; /health/ready tells when.");

    public void Advance(ChainSnapshot snapshot, bool isCaughtUp, DateTimeOffset now)
    {
        var changed = _current?.HeadHash != snapshot.HeadHash || isCaughtUp != IsCaughtUp;
        _current = snapshot;
        IsCaughtUp = isCaughtUp;
        LastAnswer = now;
        if (changed)
            Changed.Beat();
    }

    public void Heard(DateTimeOffset now) => LastAnswer = now;
}

/// <summary>What the chain says at one block.</summary>
/// <param name="Time">The block's timestamp: chain time, which every deadline is in.</param>
internal sealed record ChainSnapshot(long Head, Bytes32 HeadHash, long Time, Parties Parties)
{
    public DatasetKey? Dataset => Parties.Dataset;

    public bool IsValidator(Address account) => Parties.Validators.Contains(account);
}

/// <summary>Who does what now, and by which policy; changed by vote, and by the guardians' ceremony.</summary>
/// <param name="Dataset">The active dataset key; null before the first ceremony has ended.</param>
/// <param name="Guardians">Those of the active epoch, or of the pending one while none is active.</param>
internal sealed record Parties(
    DatasetKey? Dataset,
    uint LatestEpoch,
    IReadOnlyList<Address> Guardians,
    uint GuardianThreshold,
    IReadOnlyList<Address> Validators,
    uint ValidatorThreshold,
    Bytes32 PolicyDigest);

/// <param name="Recipient"><c>age1…</c></param>
internal sealed record DatasetKey(uint Epoch, string Recipient);
