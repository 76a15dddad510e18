using Commonhold.Client;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Contributions;

/// <summary>Whether this node takes new contributions: an operator may close it, for example while a disk is full, and open it again.</summary>
/// <remarks>What is here already goes on: uploads that were begun, verdicts, batches, grants, votes and claims do not pass this gate.</remarks>
internal sealed class IntakeGate(Database database)
{
    private const string Name = "intake";
    private bool? _isOpen;

    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken) =>
        _isOpen ??= await database.FindAsync<string>("SELECT value FROM switches WHERE name = @Name", new { Name }, cancellationToken) != "closed";

    public async Task SetAsync(bool isOpen, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("INSERT INTO switches (name, value) VALUES (@Name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            new { Name, value = isOpen ? "open" : "closed" }, cancellationToken);
        _isOpen = isOpen;
    }

    /// <summary>Null when contributions are taken.</summary>
    public async Task<Refusal?> CheckAsync(CancellationToken cancellationToken) => await IsOpenAsync(cancellationToken) ? null : new Refusal(
        "contribution.paused", "The operator has paused new contributions on this node.", "Try again later; /operate says since when, and what is here already is not touched.");
}

/// <summary>An operator's wish that the next batch is made at once, and not when it is full or old.</summary>
internal sealed class BatchWish(WorkBell bell)
{
    private volatile bool _isAsked;

    public bool IsAsked => _isAsked;

    public void Ask()
    {
        _isAsked = true;
        bell.Rang.Beat();
    }

    public void Done() => _isAsked = false;
}
