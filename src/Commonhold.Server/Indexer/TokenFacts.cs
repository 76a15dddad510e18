using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Server.Indexer;

/// <summary>What never changes about the dataset's token, read once.</summary>
internal sealed class TokenFacts(Dao dao, EthereumNode node)
{
    private Token? _token;

    public async ValueTask<Token> ReadAsync(CancellationToken cancellationToken)
    {
        if (_token is { } known)
            return known;
        var contract = new DataToken(dao.Addresses.Token);
        var name = await node.ReadAsync(contract.Name(), BlockReference.Latest, cancellationToken);
        var symbol = await node.ReadAsync(contract.Symbol(), BlockReference.Latest, cancellationToken);
        return _token = new Token(dao.Addresses.Token, name, symbol);
    }
}

/// <param name="Name">Also the name of its EIP-712 domain.</param>
internal sealed record Token(Address Address, string Name, string Symbol)
{
    public const int Decimals = 18;
}
