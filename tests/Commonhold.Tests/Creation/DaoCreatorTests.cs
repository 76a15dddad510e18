using System.Numerics;
using Commonhold.Cli.Chain;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Tests.Cli;

namespace Commonhold.Tests.Creation;

[Trait("Speed", "slow")]
public sealed class DaoCreatorTests : IAsyncLifetime
{
    private static readonly BigInteger Enough = BigInteger.Pow(10, 20);
    private readonly HttpClient http = new();
    private AnvilProcess? chain;
    private EthereumNode node = null!;

    public async Task InitializeAsync()
    {
        if (!Require.Anvil())
            return;
        chain = await AnvilProcess.StartAsync(new AnvilOptions(), CancellationToken.None);
        node = new EthereumNode(new JsonRpcClient(http, chain.Url));
    }

    public async Task DisposeAsync()
    {
        if (chain is not null)
            await chain.DisposeAsync();
        http.Dispose();
    }

    [AnvilFact]
    public async Task Nobody_but_the_timelock_has_power_over_a_new_DAO()
    {
        using Secp256k1Key key = await FundedKeyAsync();
        ulong firstBlock = await node.BlockNumberAsync(CancellationToken.None);
        DaoContracts dao = await CreateAsync(key, null, CancellationToken.None);

        IReadOnlyList<HeldPower> powers = await DaoInspection.ReadAsync(node, dao, firstBlock, CancellationToken.None);
        Assert.All(powers, power => Assert.True(power.Expected, power.ToString()));
        Assert.Equal(
            ["AccessMarket.owner", "ContributionRegistry.owner", "DataGovernor.owner", "DataToken.minter", "GuardianRegistry.owner",
             "RevenuePool.owner", "TimelockController.admin", "TimelockController.canceller", "TimelockController.executor",
             "TimelockController.proposer"],
            powers.Select(power => $"{power.Contract}.{power.Power}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain(powers, power => power.Holder == key.Address);
        Assert.Equal(BigInteger.Zero, await ReadAsync(new DataToken(dao.Token).TotalSupply()));
    }

    [AnvilFact]
    public async Task A_power_that_somebody_else_holds_is_named()
    {
        using Secp256k1Key key = await FundedKeyAsync();
        ulong firstBlock = await node.BlockNumberAsync(CancellationToken.None);
        DaoContracts dao = await CreateAsync(key, null, CancellationToken.None);
        Bytes32 proposer = Keccak256.Hash("PROPOSER_ROLE"u8);
        await chain!.Control.CallAsync("anvil_impersonateAccount", [dao.Timelock.ToString()], CancellationToken.None);
        await chain.Control.SetBalanceAsync(dao.Timelock.ToString(), Enough, CancellationToken.None);
        byte[] grant = AbiFunction.Parse("grantRole(bytes32 role, address account)").EncodeCall(proposer, key.Address);
        await chain.Control.CallAsync(
            "eth_sendTransaction",
            [new { from = dao.Timelock.ToString(), to = dao.Timelock.ToString(), data = "0x" + Convert.ToHexString(grant) }], CancellationToken.None);
        await chain.Control.MineAsync(CancellationToken.None);

        IReadOnlyList<HeldPower> powers = await DaoInspection.ReadAsync(node, dao, firstBlock, CancellationToken.None);
        HeldPower unexpected = Assert.Single(powers, power => !power.Expected);
        Assert.Equal(("proposer", key.Address), (unexpected.Power, unexpected.Holder));
    }

    [AnvilFact]
    public async Task Creation_that_dies_after_any_step_goes_on_to_the_same_DAO()
    {
        for (int deaths = 1; deaths <= 8; deaths++)
        {
            using Secp256k1Key key = await FundedKeyAsync();
            using var death = new CancellationTokenSource();
            var standing = new List<string>();
            var progress = new Now<Deployment>(deployment =>
            {
                standing.Add(deployment.Contract);
                if (standing.Count == deaths)
                    death.Cancel();
            });
            if (deaths < 8)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CreateAsync(key, progress, death.Token));

            DaoContracts dao = await CreateAsync(key, null, CancellationToken.None);
            Assert.Equal(Address.OfContract(key.Address, 7), dao.Dao);
            Assert.Equal(8UL, await node.TransactionCountAsync(key.Address, BlockReference.Latest, CancellationToken.None));
        }
    }

    [AnvilFact]
    public async Task Creation_that_dies_between_sending_and_mining_deploys_nothing_twice()
    {
        using Secp256k1Key key = await FundedKeyAsync();
        await chain!.Control.CallAsync("evm_setAutomine", [false], CancellationToken.None);
        using var death = new CancellationTokenSource();
        Task<DaoContracts> first = CreateAsync(key, null, death.Token);
        while (await node.TransactionCountAsync(key.Address, BlockReference.Pending, CancellationToken.None) == 0)
            await Task.Yield();
        await death.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Task<DaoContracts> second = CreateAsync(key, null, CancellationToken.None);
        await chain.Control.CallAsync("evm_setAutomine", [true], CancellationToken.None);
        await chain.Control.MineAsync(CancellationToken.None);
        await second;
        Assert.Equal(8UL, await node.TransactionCountAsync(key.Address, BlockReference.Latest, CancellationToken.None));
    }

    [AnvilFact]
    public async Task A_key_that_was_used_for_something_else_is_refused()
    {
        using Secp256k1Key key = await FundedKeyAsync();
        using var sender = new TransactionSender(node, key);
        await sender.SendAsync(new TransactionRequest(key.Address, ReadOnlyMemory<byte>.Empty), CancellationToken.None);
        var refused = await Assert.ThrowsAsync<CommonholdException>(() => CreateAsync(key, null, CancellationToken.None));
        Assert.Equal("dao.code_mismatch", refused.Refusal?.Code);
    }

    [AnvilFact]
    public async Task The_code_of_a_new_DAO_is_the_published_code_created_with_its_settings()
    {
        using Secp256k1Key key = await FundedKeyAsync();
        ulong firstBlock = await node.BlockNumberAsync(CancellationToken.None);
        DaoContracts contracts = await CreateAsync(key, null, CancellationToken.None);
        var dao = new DaoFile(await node.ChainIdAsync(CancellationToken.None), firstBlock, contracts, Settings());

        IReadOnlyList<StandingCode> codes = await DaoCode.ReadAsync(node, dao, CancellationToken.None);
        Assert.Equal(CreatedContract.All.Select(contract => contract.Name), codes.Select(code => code.Contract));
        Assert.All(codes, code => Assert.True(code is { HasPublishedCode: true, IsCreatedAsWritten: true, CreatedBy: not null }, code.ToString()));

        // Settings that say something else than was deployed: one guardian more is one constructor's argument, one share is another's.
        DaoFile otherGuardians = dao with { Settings = Settings() with { Guardians = [.. Settings().Guardians, Address.Parse($"0x{6:x40}")] } };
        Assert.Equal(["GuardianRegistry"], (await DaoCode.ReadAsync(node, otherGuardians, CancellationToken.None)).Where(code => !code.IsGood).Select(code => code.Contract));
        DaoFile otherSplit = dao with { Settings = Settings() with { Split = new RevenueSplit(2_000) } };
        Assert.Equal(["RevenuePool"], (await DaoCode.ReadAsync(node, otherSplit, CancellationToken.None)).Where(code => !code.IsGood).Select(code => code.Contract));

        // A block later the creating transactions are not found, and that is said.
        DaoFile later = dao with { FirstBlock = await node.BlockNumberAsync(CancellationToken.None) + 1 };
        Assert.All(await DaoCode.ReadAsync(node, later, CancellationToken.None), code => Assert.True(code is { HasPublishedCode: true, IsCreatedAsWritten: null, CreatedBy: null }));
    }

    [AnvilFact]
    public async Task One_changed_byte_in_a_standing_contract_is_named_even_where_the_compiled_code_has_a_zero()
    {
        using Secp256k1Key key = await FundedKeyAsync();
        ulong firstBlock = await node.BlockNumberAsync(CancellationToken.None);
        DaoContracts contracts = await CreateAsync(key, null, CancellationToken.None);
        var dao = new DaoFile(await node.ChainIdAsync(CancellationToken.None), firstBlock, contracts, Settings());
        byte[] code = await node.CodeAsync(contracts.Timelock, BlockReference.Latest, CancellationToken.None);
        // A timelock has no immutables: every zero in it is an instruction, or a constant.
        code[Array.IndexOf(code, (byte)0)] = 0x5b;
        await chain!.Control.CallAsync("anvil_setCode", [contracts.Timelock.ToString(), Hex.Encode(code)], CancellationToken.None);

        StandingCode other = Assert.Single(await DaoCode.ReadAsync(node, dao, CancellationToken.None), each => !each.IsGood);
        Assert.Equal(("TimelockController", false), (other.Contract, other.HasPublishedCode));
        var refused = await Assert.ThrowsAsync<CommonholdException>(() => CreateAsync(key, null, CancellationToken.None));
        Assert.Equal("dao.code_mismatch", refused.Refusal?.Code);
    }

    private static DaoSettings Settings()
    {
        Address[] guardians = [.. Enumerable.Range(1, 5).Select(i => Address.Parse($"0x{i:x40}"))];
        return new DaoSettings("A dataset", "DATA", "reddit-export-v1", guardians, 3, [Address.Parse($"0x{9:x40}")], 1)
        {
            Rules = GovernanceRules.Trial,
            Trial = true,
        };
    }

    private Task<DaoContracts> CreateAsync(Secp256k1Key key, IProgress<Deployment>? progress, CancellationToken cancellationToken) =>
        new DaoCreator(node, TimeProvider.System).CreateAsync(Settings(), key, progress, cancellationToken);

    private async Task<T> ReadAsync<T>(ContractCall<T> call) =>
        call.Decode(await node.CallAsync(new CallRequest(call.To, call.Data), BlockReference.Latest, CancellationToken.None));

    private async Task<Secp256k1Key> FundedKeyAsync()
    {
        Secp256k1Key key = Secp256k1Key.Generate();
        await chain!.Control.SetBalanceAsync(key.Address.ToString(), Enough, CancellationToken.None);
        return key;
    }

    // Progress<T> posts to the thread pool; a death must come at its step.
    private sealed class Now<T>(Action<T> handler) : IProgress<T>
    {
        public void Report(T value) => handler(value);
    }
}
