using Microsoft.Data.Sqlite;

namespace Commonhold.Validator.State;

/// <summary>One transaction of <see cref="ValidatorState"/>: everything that a verdict changes, or nothing of it.</summary>
/// <remarks>What feature stores keep in memory beside the file follows the file: it is taken in after the commit and forgotten on
/// a rollback, which is also what disposing without a commit does.</remarks>
internal sealed class StateTransaction : IDisposable
{
    private readonly SqliteTransaction _transaction;
    private readonly IReadOnlyList<IStateStore> _stores;
    private bool _isOver;

    internal StateTransaction(SqliteTransaction transaction, IReadOnlyList<IStateStore> stores) =>
        (_transaction, _stores) = (transaction, stores);

    public void Commit()
    {
        _transaction.Commit();
        _isOver = true;
        foreach (var store in _stores)
            store.OnCommitted();
    }

    public void Dispose()
    {
        _transaction.Dispose();
        if (_isOver)
            return;
        _isOver = true;
        foreach (var store in _stores)
            store.OnRolledBack();
    }
}

/// <summary>A feature's part of the state that also keeps something in memory.</summary>
internal interface IStateStore
{
    /// <summary>What was written in the transaction is on the disk.</summary>
    void OnCommitted();

    /// <summary>What was written in the transaction is not to be: forget it.</summary>
    void OnRolledBack();
}

/// <summary>The number under which this validator knows an account: <c>accounts.id</c>.</summary>
internal readonly record struct AccountNumber(uint Value) : IComparable<AccountNumber>
{
    public int CompareTo(AccountNumber other) => Value.CompareTo(other.Value);

    public override string ToString() => $"#{Value}";

    public static bool operator <(AccountNumber left, AccountNumber right) => left.Value < right.Value;

    public static bool operator >(AccountNumber left, AccountNumber right) => left.Value > right.Value;

    public static bool operator <=(AccountNumber left, AccountNumber right) => left.Value <= right.Value;

    public static bool operator >=(AccountNumber left, AccountNumber right) => left.Value >= right.Value;
}
