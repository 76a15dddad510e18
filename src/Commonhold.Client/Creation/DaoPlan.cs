using System.Numerics;
using System.Text;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>One contract to deploy: its place in the order is the deployer's nonce (protocol.md §3).</summary>
public sealed record Deployment(CreatedContract Created, Address Address, ReadOnlyMemory<byte> InitCode)
{
    public string Contract => Created.Name;
}

/// <summary>Every transaction of a creation, known before the first is sent: plain CREATE makes addresses from account and nonce.</summary>
public sealed record DaoPlan(DaoContracts Contracts, IReadOnlyList<Deployment> Deployments)
{
    public static DaoPlan Make(DaoSettings settings, Address deployer)
    {
        Address At(int nonce) => Address.OfContract(deployer, (ulong)nonce);
        var contracts = new DaoContracts(
            Dao: At(7), Token: At(1), Registry: At(4), Guardians: At(3), Pool: At(5), Market: At(6), Governor: At(2), Timelock: At(0));
        IEnumerable<Deployment> deployments = CreatedContract.All.Zip(InitCodes(settings, contracts), (created, initCode) => (created, initCode))
            .Select((each, nonce) => new Deployment(each.created, At(nonce), each.initCode));
        return new DaoPlan(contracts, [.. deployments]);
    }

    /// <summary>In the order of <see cref="CreatedContract.All"/>.</summary>
    private static IEnumerable<byte[]> InitCodes(DaoSettings s, DaoContracts at)
    {
        // Proposer and canceller: the governor. Executor: the zero address, that is anyone. Admin: nobody but the timelock itself.
        yield return TimelockController.Creation(s.Rules.TimelockDelay, [at.Governor], [Address.Zero], Address.Zero);
        yield return DataToken.Creation(
            s.Name, s.Symbol, at.Registry, s.Founder?.Account ?? Address.Zero, s.Founder?.Units.Value ?? BigInteger.Zero);
        yield return DataGovernor.Creation(at.Token, at.Timelock, new DataGovernor.Rules(
            s.Rules.VotingDelay, s.Rules.VotingPeriod, s.Rules.LateQuorumExtension, s.Rules.ProposalThresholdBps, s.Rules.QuorumPercent,
            s.Rules.QuorumFloor.Value));
        yield return GuardianRegistry.Creation(at.Timelock, s.Guardians, s.GuardianThreshold);
        yield return ContributionRegistry.Creation(
            at.Timelock, at.Token, s.Validators, s.ValidatorThreshold, (BigInteger)s.DailyLimit.Value, ContributionPolicy.DigestOf(s.Policy));
        yield return RevenuePool.Creation(at.Timelock, at.Token, new RevenuePool.Split(
            s.Split.OperatorsBps, s.Split.TreasuryBps, s.Split.Operators ?? at.Timelock, s.Split.Treasury ?? at.Timelock));
        yield return AccessMarket.Creation(at.Timelock, at.Registry, at.Pool);
        yield return DataDao.Creation(new DataDao.DeedRecord(
            at.Timelock, at.Token, at.Governor, at.Guardians, at.Registry, at.Pool, at.Market, Digest(s.SchemaName), Digest(s.Name), s.MetadataDigest));
    }

    private static Bytes32 Digest(string text) => Keccak256.Hash(Encoding.UTF8.GetBytes(text));
}
