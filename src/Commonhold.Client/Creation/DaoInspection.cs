using Commonhold.Ethereum;
namespace Commonhold.Client;

/// <summary>One power over a DAO and who holds it.</summary>
/// <param name="Expected">Whether the holder is the one that a Commonhold DAO must have.</param>
public sealed record HeldPower(string Contract, string Power, Address Holder, bool Expected);

/// <summary>Reads every role and owner of a DAO from the chain: proof that nobody stands above the vote.</summary>
/// <remarks>The timelock's roles cannot be listed by a call, so its <c>RoleGranted</c> and <c>RoleRevoked</c> events are read from its first block
/// on. The zero address as executor means that anyone may execute what was voted and has waited.</remarks>
public static class DaoInspection
{
    private static readonly AbiEvent Granted = AbiEvent.Parse("RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)");
    private static readonly AbiEvent Revoked = AbiEvent.Parse("RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)");

    private static readonly IReadOnlyDictionary<Bytes32, string> Roles = new Dictionary<Bytes32, string>
    {
        [default] = "admin",
        [Keccak256.Hash("PROPOSER_ROLE"u8)] = "proposer",
        [Keccak256.Hash("CANCELLER_ROLE"u8)] = "canceller",
        [Keccak256.Hash("EXECUTOR_ROLE"u8)] = "executor",
    };

    public static async Task<IReadOnlyList<HeldPower>> ReadAsync(
        EthereumNode node, DaoContracts contracts, ulong fromBlock, CancellationToken cancellationToken)
    {
        var powers = new List<HeldPower>();
        await foreach (HeldPower power in RolesAsync(node, contracts, fromBlock, cancellationToken))
            powers.Add(power);
        foreach ((string name, Address contract) in new[]
        {
            ("GuardianRegistry", contracts.Guardians), ("ContributionRegistry", contracts.Registry),
            ("RevenuePool", contracts.Pool), ("AccessMarket", contracts.Market), ("DataGovernor", contracts.Governor),
        })
        {
            Address owner = await AddressAsync(node, contract, "timelock", cancellationToken);
            powers.Add(new HeldPower(name, "owner", owner, owner == contracts.Timelock));
        }

        Address minter = await AddressAsync(node, contracts.Token, "minter", cancellationToken);
        powers.Add(new HeldPower("DataToken", "minter", minter, minter == contracts.Registry));
        return powers;
    }

    private static async IAsyncEnumerable<HeldPower> RolesAsync(
        EthereumNode node, DaoContracts contracts, ulong fromBlock,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var held = new Dictionary<(Bytes32 Role, Address Account), bool>();
        ulong head = await node.BlockNumberAsync(cancellationToken);
        await foreach (LogPage page in node.LogsAsync(LogFilter.Of(contracts.Timelock), fromBlock, head, cancellationToken))
        {
            foreach (LogEntry log in page.Logs)
            {
                bool granted = log.Topics[0] == Granted.Topic;
                if (!granted && log.Topics[0] != Revoked.Topic)
                    continue;
                AbiEventValues values = log.Decode(granted ? Granted : Revoked);
                held[(values["role"].AsBytes32(), values["account"].AsAddress())] = granted;
            }
        }

        foreach (((Bytes32 role, Address account), _) in held.Where(entry => entry.Value))
        {
            string name = Roles.GetValueOrDefault(role, role.ToString());
            bool expected = name switch
            {
                "admin" => account == contracts.Timelock,
                "proposer" or "canceller" => account == contracts.Governor,
                "executor" => account == Address.Zero,
                _ => false,
            };
            yield return new HeldPower("TimelockController", name, account, expected);
        }
    }

    private static async Task<Address> AddressAsync(EthereumNode node, Address contract, string getter, CancellationToken cancellationToken)
    {
        var function = AbiFunction.Parse($"function {getter}() view returns (address)");
        return (await node.CallAsync(contract, function, [], BlockReference.Latest, cancellationToken))[0].AsAddress();
    }
}
