using Commonhold.Validator.State;

namespace Commonhold.Validator.Uniqueness;

/// <summary>Rows of an export that another call of <see cref="RowKeyIndex.Add"/> or <c>Reassign</c> gave to this account.</summary>
internal sealed record OwnedRows(AccountNumber Account, RowKeySet Keys);

/// <summary>Which account first brought a comparable row: authored rows and histories of every export, 8 bytes a row.</summary>
internal sealed class RowKeyIndex
{
    /// <summary>The owners of these rows, most rows first; rows that nobody has are in none.</summary>
    public IReadOnlyList<OwnedRows> Find(RowKeySet keys) => throw new NotImplementedException();

    /// <summary>Gives the account those of the rows that nobody has; rows that somebody has stay his. Inside a transaction.</summary>
    public void Add(RowKeySet keys, AccountNumber account) => throw new NotImplementedException();

    /// <summary>Gives the account all these rows, whoever has them: it proved that they are its own. Inside a transaction.</summary>
    public void Reassign(RowKeySet keys, AccountNumber account) => throw new NotImplementedException();
}
