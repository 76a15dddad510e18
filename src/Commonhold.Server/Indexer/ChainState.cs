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
/// <param name="Dataset">The active dataset key; null before the guardians' ceremony has ended.</param>
/// <param name="Guardians">The guardians of the newest epoch, active or not.</param>
internal sealed record ChainSnapshot(
    long Head,
    Bytes32 HeadHash,
    long Time,
    DatasetKey? Dataset,
    uint LatestEpoch,
    IReadOnlyList<Address> Guardians,
    IReadOnlyList<Address> Validators,
    uint ValidatorThreshold)
{
    public bool IsValidator(Address account) => Validators.Contains(account);
}
