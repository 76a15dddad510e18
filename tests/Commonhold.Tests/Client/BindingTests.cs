using System.Numerics;
using Commonhold.Bindings;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

public sealed class BindingTests
{
    private static readonly string ForgeOut = Path.Combine(Repository.Root, "contracts", "out");
    private static readonly string Target = Path.Combine(Repository.Root, "src", "Commonhold.Client", "Contracts");

    [Fact]
    public void Committed_bindings_are_what_the_contracts_generate()
    {
        if (!Require.ForgeOutput(ForgeOut))
            return;
        (string Path, string Text)[] generated = [.. BindingSet.Generate(ForgeOut)];
        string[] stale = [.. generated.Where(g => !File.Exists(Path.Combine(Target, g.Path)) || File.ReadAllText(Path.Combine(Target, g.Path)) != g.Text).Select(g => g.Path)];
        Assert.True(stale.Length == 0, $"Stale: {string.Join(", ", stale)}. Run: dotnet run --project tools/Commonhold.Bindings");

        string[] committed = [.. Directory.EnumerateFiles(Path.Combine(Target, "Generated")).Concat(Directory.EnumerateFiles(Path.Combine(Target, "Artifacts"))).Select(p => Path.GetRelativePath(Target, p)).Order(StringComparer.Ordinal)];
        Assert.Equal([.. generated.Select(g => g.Path).Order(StringComparer.Ordinal)], committed);
    }

    [Fact]
    public void The_browser_reads_the_contracts_by_the_same_ABI() =>
        Assert.True(File.ReadAllText(Path.Combine(Repository.Root, "web", "chain", "abi.ts")) == AbiModule.Write(Path.Combine(Target, "Artifacts")),
            "web/chain/abi.ts is stale. Run: dotnet run --project tools/Commonhold.Bindings");

    [Fact]
    public void The_published_digests_are_those_of_the_code_that_is_deployed()
    {
        string artifacts = Path.Combine(Target, "Artifacts");
        Assert.True(File.ReadAllText(Path.Combine(Repository.Root, "web", "creation", "contracts.ts")) == ContractDigests.Module(artifacts),
            "web/creation/contracts.ts is stale. Run: dotnet run --project tools/Commonhold.Bindings");
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "contract-digests.md"));
        Assert.True(page == ContractDigests.Page(artifacts), "docs/contract-digests.md is stale. Run: dotnet run --project tools/Commonhold.Bindings");
        Assert.Equal(BindingSet.Created, CreatedContract.All.Select(contract => contract.Name));
        Assert.All(CreatedContract.All, contract =>
        {
            Assert.Contains($"{contract.CreationDigest}", page, StringComparison.Ordinal);
            Assert.Contains($"{contract.RuntimeDigest}", page, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_call_encodes_structs_and_decodes_what_comes_back()
    {
        Bytes32 digest = Keccak256.Hash("d"u8);
        GrantTerms terms = new(GrantMode.Job, Pricing.Rent, 1, 2, 3, 4, Address.Zero, new Wei(BigInteger.Pow(2, 127)), digest, digest, digest, digest);
        AccessMarket market = new(Address.Zero);
        ContractCall<Bytes32> call = market.HashTerms(terms.ToContract());

        AbiValue decoded = call.Function.DecodeCall(call.Data.Span)[0];
        Assert.Equal(12, decoded.AsList().Count);
        Assert.Equal(terms.Price.Value, decoded.AsList()[7].AsInteger());
        Assert.Equal(digest, call.Decode(digest.AsSpan()));
        // The struct is static, so its call data are its abi.encode, whose hash the market keeps.
        Assert.Equal(terms.Hash(), Keccak256.Hash(call.Data.Span[4..]));
    }

    [Fact]
    public void An_event_is_read_from_topics_and_data()
    {
        AbiEvent @event = ContributionRegistry.ContributionWithdrawnEvent.Event;
        Bytes32 digest = Keccak256.Hash("d"u8);
        Address owner = Address.Parse("0xb9db0d48C752903BEc5Ed43d56571b032b0729f1");
        Bytes32[] topics = [@event.Topic, Bytes32.FromUInt256(7), Bytes32.FromUInt256(3), Bytes32.FromSpan([.. new byte[12], .. owner.ToArray()])];
        Assert.Equal(
            new ContributionRegistry.ContributionWithdrawnEvent(7, 3, owner, digest),
            ContributionRegistry.ContributionWithdrawnEvent.Decode(topics, digest.AsSpan()));
    }

    [Fact]
    public void Every_contract_loads_and_can_be_created()
    {
        Assert.NotEmpty(DaoErrors.All.ToException(AccessMarket.Abi.Error("AccessMarketMissingRuns").Encode()).Error!.Name);
        Assert.True(DataToken.Creation("Name", "SYM", Address.Zero, Address.Zero, 0).Length > 1000);
    }
}
