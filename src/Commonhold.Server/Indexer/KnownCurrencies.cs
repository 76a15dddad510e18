using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server.Indexer;

/// <summary>Which currencies are money here: those that a vote let in, and those that the operator lists.</summary>
/// <remarks>Anybody can make a coin, call it what they like and pay it into the pool. Guarantee: a stranger alone makes no coin known; it takes
/// the holders, who approved a grant that pays in it, or the operator (<see cref="NodeOptions.Currencies"/>). Trust: the chain's events.
/// See docs/decisions/0015.</remarks>
internal sealed class KnownCurrencies(Database database, Changes changes, NodeOptions options) : IDisposable
{
    /// <summary>Among so many, namesakes are told apart.</summary>
    public const int MostCompared = 200;

    private readonly Kept<CurrencySet> _kept = new(changes, Topic.Requests);

    /// <summary>The trial's and the operator's own first, then those of votes in their order.</summary>
    public ValueTask<CurrencySet> ReadAsync(CancellationToken cancellationToken) => _kept.GetAsync(LookAsync, cancellationToken);

    public void Dispose() => _kept.Dispose();

    private async Task<CurrencySet> LookAsync(CancellationToken cancellationToken)
    {
        var terms = await database.QueryAsync<string>("""
            SELECT r.terms FROM grant_events e JOIN requests r ON r.request_id = e.grant_id WHERE e.kind = 'opened' ORDER BY e.block_number, e.log_index
            """, null, cancellationToken);
        var voted = terms.Select(json => JsonSerializer.Deserialize<GrantTerms>(json, Json.Options)!.Currency);
        return new CurrencySet([.. options.Listed.Concat(voted).Where(address => address != default).Distinct()]);
    }
}

/// <summary>Distinct currencies in an order.</summary>
internal sealed class CurrencySet(IReadOnlyList<Address> addresses) : IEnumerable<Address>
{
    private readonly HashSet<Address> _set = [.. addresses];

    public bool Contains(Address currency) => _set.Contains(currency);

    public IEnumerator<Address> GetEnumerator() => addresses.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
