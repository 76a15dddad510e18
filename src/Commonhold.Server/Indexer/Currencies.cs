using System.Collections.Concurrent;
using System.Text;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Indexer;

/// <summary>How a currency calls itself: read from its contract once and kept.</summary>
/// <param name="Symbol">Its own word for itself, which anybody may choose: the address tells which one it is. A shortened address when it has none.</param>
/// <param name="Decimals">Digits after the point; 0 when it does not say, so that amounts are in its smallest unit.</param>
internal sealed record Currency(Address Address, string Symbol, int Decimals);

/// <summary>Symbols and decimals of the currencies that people pay in.</summary>
/// <remarks>Trust: none. A currency is a stranger's contract: what it answers is bounded and cleaned, and one that answers nonsense is
/// shown by its address, in its smallest unit.</remarks>
internal sealed class Currencies(EthereumNode node)
{
    private const int MostKept = 1_000;
    private const int LongestSymbol = 11;
    private const int MostDecimals = 36;

    private readonly ConcurrentDictionary<Address, Currency> _known = new();

    public async ValueTask<Currency> FindAsync(Address currency, CancellationToken cancellationToken) =>
        (await FindAsync([currency], cancellationToken))[currency];

    public async Task<IReadOnlyDictionary<Address, Currency>> FindAsync(IEnumerable<Address> currencies, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Address, Currency>();
        var unknown = new List<Address>();
        foreach (var address in currencies.Distinct())
        {
            if (_known.TryGetValue(address, out var currency))
                found[address] = currency;
            else
                unknown.Add(address);
        }

        if (unknown.Count == 0)
            return found;
        var contracts = unknown.ConvertAll(address => new IERC20Metadata(address));
        var answers = await node.CallManyAsync(
            [.. contracts.SelectMany(contract => new ContractCall[] { contract.Symbol(), contract.Decimals() }).Select(call => new CallRequest(call.To, call.Data, GasLimit: 200_000))],
            BlockReference.Latest, cancellationToken);
        for (var i = 0; i < unknown.Count; i++)
        {
            var currency = new Currency(unknown[i], SymbolOf(unknown[i], answers[2 * i]), DecimalsOf(answers[(2 * i) + 1]));
            found[unknown[i]] = currency;
            if (_known.Count < MostKept)
                _known[unknown[i]] = currency;
        }

        return found;
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
