using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Relay;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Governance;

/// <summary>Who votes for whom, and the change of it by signature.</summary>
/// <remarks>Guarantee: what an account holds and what counts when it votes is the chain's own answer. Trust: nobody; a delegation is sent only
/// if its signature is the account's that it names, because the token would take any other signature for some account that nobody holds.</remarks>
internal sealed class Delegations(Dao dao, Database database, EthereumNode node, Outbox outbox, TokenFacts tokens)
{
    private const int MostDelegators = 200;

    private readonly DataToken _token = new(dao.Addresses.Token);

    public async Task<VotingPower> OfAsync(Address account, CancellationToken cancellationToken)
    {
        var (balance, votes, supply, to) = (_token.BalanceOf(account), _token.GetVotes(account), _token.TotalSupply(), _token.Delegates(account));
        var rows = await database.QueryAsync<Row>("""
            SELECT d.delegator AS Account, d.delegated_at AS Since FROM delegations d
            WHERE d.delegate = @account AND d.delegator <> @account AND NOT EXISTS (
                SELECT 1 FROM delegations later WHERE later.delegator = d.delegator
                  AND (later.block_number > d.block_number OR (later.block_number = d.block_number AND later.log_index > d.log_index)))
            ORDER BY d.block_number DESC, d.log_index DESC LIMIT @limit
            """, new { account, limit = MostDelegators }, cancellationToken);
        var balances = rows.Select(row => _token.BalanceOf(row.Account)).ToList();
        var answers = await node.CallManyAsync(
            [.. new ContractCall[] { balance, votes, supply, to }.Concat(balances).Select(call => new CallRequest(call.To, call.Data))], BlockReference.Latest, cancellationToken);
        if (answers.FirstOrDefault(answer => answer.Revert is not null)?.Revert is { } revert)
            throw revert;
        return new VotingPower(
            account, new Wei(balance.Decode(answers[0].Data.Span)), new Wei(votes.Decode(answers[1].Data.Span)), new Wei(supply.Decode(answers[2].Data.Span)),
            to.Decode(answers[3].Data.Span), [.. rows.Select((row, i) => new Delegator(row.Account, new Wei(balances[i].Decode(answers[4 + i].Data.Span)), row.Since))]);
    }

    public async Task<Result<RelayReceipt>> RelayAsync(RelayDelegation wish, CancellationToken cancellationToken)
    {
        var digest = new Delegation(wish.Delegatee, wish.Nonce.Value, wish.Expiry).Digest((await tokens.ReadAsync(cancellationToken)).Name, dao.ChainId, dao.Addresses.Token);
        if (!Secp256k1Key.TryRecover(digest, wish.Signature, out var signer) || signer != wish.Delegator)
            return new Refusal("relay.signature_invalid", $"The delegation is not signed by {wish.Delegator}.", "Sign it again: another nonce, expiry or account was signed.");
        var call = _token.DelegateBySig(wish.Delegatee, wish.Nonce.Value, wish.Expiry, wish.Signature.V, wish.Signature.R, wish.Signature.S);
        return await outbox.EnqueueAsync("delegation", $"{wish.Delegator}:{wish.Delegatee}:{wish.Nonce}", [wish.Delegator], Call.Of(call, outbox.Gas.Delegation), cancellationToken);
    }

    private sealed record Row
    {
        public Address Account { get; init; }
        public long Since { get; init; }
    }
}
