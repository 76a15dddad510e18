using System.Numerics;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Tests;

/// <summary>A currency without permits that can be told to misbehave: contracts/test/hostile/PlainCoin.sol.</summary>
public sealed class TestCoin(Address address)
{
    private static readonly AbiErrorSet NoErrors = new([]);

    public Address Address { get; } = address;

    public TestCurrency Erc20 { get; } = new(address);

    /// <summary>The data of the transaction that creates one.</summary>
    public static byte[] Creation(string symbol, byte decimals) =>
        [.. Code("plain-coin"), .. AbiEncoder.Encode([AbiType.Text, AbiType.Parse("uint8")], [AbiValue.From(symbol), AbiValue.From(decimals)])];

    /// <summary>One whose every answer takes all the gas that there is.</summary>
    public static byte[] MuteCreation() => Code("mute-coin");

    public ContractCall Rename(string symbol, byte decimals) => Call("rename(string,uint8)", AbiValue.From(symbol), AbiValue.From(decimals));

    /// <param name="gas">What each transfer takes more than it needs.</param>
    public ContractCall Burn(BigInteger gas) => Call("burn(uint256)", AbiValue.From(gas));

    public ContractCall Approve(Address spender, BigInteger amount) => Call("approve(address,uint256)", AbiValue.From(spender), AbiValue.From(amount));

    /// <summary>From now on it changes an allowance only by way of none at all, as the oldest of the dollars does.</summary>
    public ContractCall ChangeByWayOfZero() => Call("changeByWayOfZero()");

    private ContractCall Call(string function, params AbiValue[] arguments)
    {
        var called = AbiFunction.Parse(function);
        return new ContractCall(Address, called, called.EncodeCall(arguments), NoErrors);
    }

    private static byte[] Code(string name) => Hex.Decode(File.ReadAllText(Path.Combine(Repository.Root, "tests", "testdata", "coins", $"{name}.hex")));
}
