using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Validator.Batches;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.State;
using Commonhold.Validator.Uniqueness.Clusters;

namespace Commonhold.Validator.Verdicts;

/// <summary>Who may contribute an account: whoever came first, until somebody proves that it is his.</summary>
/// <remarks>Guarantee: a proof is good for one owner and one account; an account that was proved never leaves its owner. An account that
/// nobody proved moves, with its rows and with what was paid for them, to who proves it.</remarks>
internal sealed class AccountHolder(
    ValidatorState state, DatasetLedger dataset, SignedContribution terms, Bytes32 nullifier, OwnershipOutcome ownership, CheckList checks)
{
    /// <summary>Set once admitted.</summary>
    public AccountNumber Number { get; private set; }

    /// <summary>The account belonged to another address until now.</summary>
    public bool IsMoved { get; private set; }

    /// <summary>The account was not proved before this contribution, and is now.</summary>
    public bool IsNewlyProved { get; private set; }

    /// <summary>The account is proved, by this contribution or an earlier one.</summary>
    public bool IsProved => state.Clusters.IsProved(Number);

    public Refusal? Admit()
    {
        foreach (Bytes32 proof in ownership.Nullifiers)
        {
            if (state.FindProof(proof) is { } used && used != (terms.Owner, nullifier))
            {
                return checks.Fail(VerdictFindings.Account, new Refusal(
                    "evidence.replayed", "This proof was used before for another account or under another address.", "Give a proof of your own: each serves one address."));
            }
        }

        ValidatorState.AccountRow? known = state.FindAccount(nullifier);
        bool isProved = (known is not null && state.Clusters.IsProved(known.Number)) || dataset.IsProved(nullifier);
        // What is committed counts more than what was only accepted here, but for a proof that was accepted here.
        Address? holder = known is not null && (isProved || dataset.OwnerOf(nullifier) is null) ? Address.FromSpan(known.Owner) : dataset.OwnerOf(nullifier);
        if (holder is { } first && first != terms.Owner)
        {
            if (isProved || !ownership.Level.IsProved())
            {
                return checks.Fail(VerdictFindings.Account, new Refusal(
                    "account.other_owner", $"The account of this export already contributes under another address{(isProved ? ", which proved that it is its own" : "")}.",
                    isProved ? "Contribute from the address that you used before." : "Contribute from the address that you used before, or prove that the account is yours."));
            }

            IsMoved = true;
            checks.Pass(VerdictFindings.Account, "The account was contributed under another address, which proved nothing; this one proved that it is its own, and it moves.");
        }
        else
            checks.Pass(VerdictFindings.Account, holder is null ? "Nobody contributed this account before." : "The account was contributed under this address before.");

        Number = state.PutAccount(nullifier, terms.Owner);
        IsNewlyProved = ownership.Level.IsProved() && !isProved;
        return null;
    }

    /// <summary>Writes down what the evidence proved, and joins what it shows to be one person's.</summary>
    public void Prove(ExportFormat format)
    {
        if (!ownership.Level.IsProved())
            return;
        Take(format, state.Clusters.Prove(Number));
        foreach (ClusterLink link in ownership.Links)
            Take(format, state.Clusters.Claim(Number, link));
        foreach (Bytes32 proof in ownership.Nullifiers)
            state.AddProof(proof, terms.Owner, nullifier);
    }

    /// <summary>Clusters became one: so do their ledgers.</summary>
    public void Take(ExportFormat format, ClusterChange change)
    {
        if (change.Merged.Count > 0)
            state.Value.Join(format, change.Root, change.Merged);
    }
}
