using System.Runtime.InteropServices;
using Commonhold.Validator.State;
using Commonhold.Validator.Uniqueness.Owners;

namespace Commonhold.Validator.Uniqueness;

/// <summary>Rows of an export that belong to one account.</summary>
internal sealed record OwnedRows(AccountNumber Account, RowKeySet Keys);

/// <summary>Which account first brought a comparable row: authored rows and histories of every export, 8 bytes a row.</summary>
/// <remarks>Holds all 64 bits of a keyed hash: among 10⁸ rows the odds that any two different ones share a key are 1 in 3,700.
/// Changes belong to the open transaction of the state. One thread at a time.</remarks>
internal sealed class RowKeyIndex(OwnerMap owners)
{
    public long Count => owners.Count;

    /// <summary>The owners of these rows, most rows first; rows that nobody has are in none.</summary>
    public IReadOnlyList<OwnedRows> Find(RowKeySet keys)
    {
        var accounts = owners.Find(keys.Keys);
        var owned = new Dictionary<uint, List<ulong>>();
        for (var i = 0; i < accounts.Length; i++)
        {
            if (accounts[i] != 0)
                (CollectionsMarshal.GetValueRefOrAddDefault(owned, accounts[i], out _) ??= []).Add(keys.Keys[i]);
        }

        return [.. owned.OrderByDescending(o => o.Value.Count).ThenBy(o => o.Key)
            .Select(o => new OwnedRows(new AccountNumber(o.Key), RowKeySet.From(CollectionsMarshal.AsSpan(o.Value))))];
    }

    /// <summary>Gives the account those of the rows that nobody has; rows that somebody has stay his. Inside a transaction.</summary>
    public void Add(RowKeySet keys, AccountNumber account)
    {
        var accounts = owners.Find(keys.Keys);
        var free = new List<ulong>(keys.Count);
        for (var i = 0; i < accounts.Length; i++)
        {
            if (accounts[i] == 0)
                free.Add(keys.Keys[i]);
        }

        owners.Put(CollectionsMarshal.AsSpan(free), account.Value);
    }

    /// <summary>Gives the account all these rows, whoever has them: it proved that they are its own. Inside a transaction.</summary>
    public void Reassign(RowKeySet keys, AccountNumber account) => owners.Put(keys.Keys, account.Value);
}
