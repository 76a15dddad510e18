using System.Collections.Concurrent;
using System.Text;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Indexer;

/// <summary>How a currency calls itself: read from its contract once and kept.</summary>
/// <param name="Symbol">Its own word for itself, which anybody may choose: the address tells which one it is. A shortened address when it has none.</param>
/// <param name="Decimals">Digits after the point; 0 when it does not say, so that amounts are in its smallest unit.</param>
internal sealed record Currency(Address Address, string Symbol, int Decimals)
{
    /// <summary>Whether it is money here: let in by a vote, or by the operator.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Whether another known currency calls itself the same.</summary>
    public bool IsNamesake { get; init; }

    /// <summary>What people tell it by: its symbol when it is known, with its address when another known one has the same; an unknown one's address alone,
    /// because its symbol is nobody's word but its own.</summary>
    public string Name => !IsKnown ? Text.Short(Address.ToString()) : IsNamesake ? $"{Symbol}\u00a0·\u00a0{Text.Short(Address.ToString())}" : Symbol;
}

/// <summary>Symbols and decimals of the currencies that people pay in.</summary>
/// <remarks>Trust: none. A currency is a stranger's contract: what it answers is bounded and cleaned, and one that answers nonsense is
/// shown by its address, in its smallest unit. What it answers may change: it is asked again from time to time. So many are kept; the oldest
/// answers make room for newer ones.</remarks>
internal sealed class Currencies(EthereumNode node, KnownCurrencies known, TimeProvider time)
{
    internal const int MostKept = 1_000;
    private const int LongestSymbol = 11;
    private const int MostDecimals = 36;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Address, (Currency Currency, long At)> _read = new();

    public async ValueTask<Currency> FindAsync(Address currency, CancellationToken cancellationToken) =>
        (await FindAsync([currency], cancellationToken))[currency];

    public async Task<IReadOnlyDictionary<Address, Currency>> FindAsync(IEnumerable<Address> currencies, CancellationToken cancellationToken)
    {
        var money = await known.ReadAsync(cancellationToken);
        var asked = currencies.Distinct().ToList();
        var read = await ReadAsync([.. asked.Union(money.Take(KnownCurrencies.MostCompared))], cancellationToken);
        var symbols = money.Take(KnownCurrencies.MostCompared).ToLookup(address => read[address].Symbol, StringComparer.OrdinalIgnoreCase);
        return asked.ToDictionary(address => address, address =>
        {
            var currency = read[address];
            return currency with { IsKnown = money.Contains(address), IsNamesake = symbols[currency.Symbol].Any(other => other != address) };
        });
    }

    /// <summary>Those that are money here, the operator's first.</summary>
    public async Task<IReadOnlyList<Currency>> KnownAsync(int limit, CancellationToken cancellationToken)
    {
        var addresses = (await known.ReadAsync(cancellationToken)).Take(limit).ToList();
        var found = await FindAsync(addresses, cancellationToken);
        return addresses.ConvertAll(address => found[address]);
    }

    private async Task<Dictionary<Address, Currency>> ReadAsync(IReadOnlyList<Address> currencies, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Address, Currency>();
        var unread = new List<Address>();
        foreach (var address in currencies)
        {
            if (_read.TryGetValue(address, out var kept) && time.GetElapsedTime(kept.At) < Kept)
                found[address] = kept.Currency;
            else
                unread.Add(address);
        }

        if (unread.Count == 0)
            return found;
        var contracts = unread.ConvertAll(address => new IERC20Metadata(address));
        var answers = await node.CallManyAsync(
            [.. contracts.SelectMany(contract => new ContractCall[] { contract.Symbol(), contract.Decimals() }).Select(call => new CallRequest(call.To, call.Data, GasLimit: 200_000))],
            BlockReference.Latest, cancellationToken);
        for (var i = 0; i < unread.Count; i++)
        {
            var currency = new Currency(unread[i], SymbolOf(unread[i], answers[2 * i]), DecimalsOf(answers[(2 * i) + 1]));
            found[unread[i]] = currency;
            _read[unread[i]] = (currency, time.GetTimestamp());
        }

        DropOldest();
        return found;
    }

    /// <summary>Down to three quarters at once, so that not every further one sorts them all.</summary>
    private void DropOldest()
    {
        if (_read.Count <= MostKept)
            return;
        foreach (var (address, _) in _read.ToArray().OrderBy(kept => kept.Value.At).SkipLast(MostKept * 3 / 4))
            _read.TryRemove(address, out _);
    }

    internal static string SymbolOf(Address address, CallOutcome answer)
    {
        var symbol = Read(answer, data => new IERC20Metadata(address).Symbol().Decode(data.Span)) ?? Read(answer, Bytes32Symbol) ?? "";
        return symbol.Length is > 0 and <= LongestSymbol && symbol.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '$' or '-' or '_') ? symbol : Text.Short(address.ToString());
    }

    internal static int DecimalsOf(CallOutcome answer) =>
        Read(answer, data => (int?)new IERC20Metadata(default).Decimals().Decode(data.Span)) is { } decimals and <= MostDecimals ? decimals : 0;

    // Some old currencies answer with 32 bytes instead of a string.
    private static string? Bytes32Symbol(ReadOnlyMemory<byte> data) =>
        data.Length == 32 ? Encoding.UTF8.GetString(data.Span.TrimEnd((byte)0)) : null;

    private static T? Read<T>(CallOutcome answer, Func<ReadOnlyMemory<byte>, T?> decode)
    {
        if (answer.Revert is not null)
            return default;
        try
        {
            return decode(answer.Data);
        }
        catch (AbiException)
        {
            return default;
        }
    }
}
