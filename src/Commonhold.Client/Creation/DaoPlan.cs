using Commonhold.Ethereum;
using System.Numerics;
using System.Text;

namespace Commonhold.Client;

/// <summary>One contract to deploy: its place in the order is the deployer's nonce (protocol.md §3).</summary>
public sealed record Deployment(string Contract, Address Address, ReadOnlyMemory<byte> InitCode, ReadOnlyMemory<byte> RuntimeCode);

/// <summary>Every transaction of a creation, known before the first is sent: plain CREATE makes addresses from account and nonce.</summary>
public sealed record DaoPlan(DaoContracts Contracts, IReadOnlyList<Deployment> Deployments)
{
    private static readonly string[] Order =
    [
        "TimelockController", "DataToken", "DataGovernor", "GuardianRegistry", "ContributionRegistry", "RevenuePool", "AccessMarket", "DataDao",
    ];

    /// <param name="artifactOf">Compiled contracts by name.</param>
    public static DaoPlan Make(DaoSettings settings, Address deployer, Func<string, ContractArtifact> artifactOf)
    {
        Address At(int nonce) => Address.OfContract(deployer, (ulong)nonce);
        var contracts = new DaoContracts(
            Dao: At(7), Token: At(1), Registry: At(4), Guardians: At(3), Pool: At(5), Market: At(6), Governor: At(2), Timelock: At(0));
        AbiValue[][] arguments = Arguments(settings, contracts);
        var deployments = Order.Select((name, nonce) =>
        {
            ContractArtifact artifact = artifactOf(name);
            byte[] code = artifact.Abi.EncodeDeployment(artifact.InitCode.Span, arguments[nonce]);
            return new Deployment(name, At(nonce), code, artifact.RuntimeCode);
        });
        return new DaoPlan(contracts, [.. deployments]);
    }

    private static AbiValue[][] Arguments(DaoSettings s, DaoContracts at)
    {
        GovernanceRules r = s.Rules;
        AbiValue rules = AbiValue.List(
            (ulong)r.VotingDelay, (ulong)r.VotingPeriod, (ulong)r.LateQuorumExtension, (int)r.ProposalThresholdBps, (int)r.QuorumPercent, r.QuorumFloor);
        AbiValue split = AbiValue.List(
            (int)s.Split.OperatorsBps, (int)s.Split.TreasuryBps, s.Split.Operators ?? at.Timelock, s.Split.Treasury ?? at.Timelock);
        AbiValue deed = AbiValue.List(
            at.Timelock, at.Token, at.Governor, at.Guardians, at.Registry, at.Pool, at.Market,
            Keccak256.Hash(Encoding.UTF8.GetBytes(s.SchemaName)), Keccak256.Hash(Encoding.UTF8.GetBytes(s.Name)), s.MetadataDigest);
        return
        [
            // Proposer and canceller: the governor. Executor: the zero address, that is anyone. Admin: nobody but the timelock itself.
            [(ulong)r.TimelockDelay, AbiValue.List(at.Governor), AbiValue.List(Address.Zero), Address.Zero],
            [s.Name, s.Symbol, at.Registry, s.Founder?.Account ?? Address.Zero, s.Founder?.Units ?? BigInteger.Zero],
            [at.Token, at.Timelock, rules],
            [at.Timelock, List(s.Guardians), (ulong)s.GuardianThreshold],
            [at.Timelock, at.Token, List(s.Validators), (ulong)s.ValidatorThreshold, (BigInteger)s.DailyLimit.Value],
            [at.Timelock, at.Token, split],
            [at.Timelock, at.Registry, at.Pool],
            [deed],
        ];
    }

    private static AbiValue List(IEnumerable<Address> accounts) => AbiValue.List(accounts.Select(a => AbiValue.From(a)));
}
