using System.Numerics;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Access;
using Commonhold.Server.Indexer;
using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Governance;

/// <summary>Decodes a proposal's calls by the ABIs of the DAO's own contracts, with the unit of what has one.</summary>
/// <remarks>web/govern/actions.ts does the same in the browser, which is what a voter goes by; AgreementTests hold one against the other.</remarks>
internal sealed class ActionReader(Dao dao)
{
    private static readonly Dictionary<string, Func<AbiValue, string>> Meanings = new()
    {
        ["setWorker.recipient"] = value => RequestSentence.Recipient(value.AsBytes32()),
        ["setDailyLimit.points"] = value => Tokens(value.AsInteger(), 6),
        ["setSplit.split.operatorsBps"] = value => Percent(value.AsInteger()),
        ["setSplit.split.treasuryBps"] = value => Percent(value.AsInteger()),
        ["setVotingDelay.newVotingDelay"] = Duration,
        ["setVotingPeriod.newVotingPeriod"] = Duration,
        ["setLateQuorumVoteExtension.newVoteExtension"] = Duration,
        ["setProposalThreshold.newProposalThreshold"] = value => Percent(value.AsInteger()) + " of all tokens",
        ["setQuorumFloor.newQuorumFloor"] = value => Tokens(value.AsInteger(), 18),
        ["updateQuorumNumerator.newQuorumNumerator"] = value => $"{value.AsInteger()}% of all tokens",
        ["updateDelay.newDelay"] = Duration,
    };

    private readonly (Address Target, ContractAbi Abi, string Name)[] _contracts =
    [
        (dao.Addresses.Market, AccessMarket.Abi, "access market"),
        (dao.Addresses.Registry, ContributionRegistry.Abi, "contribution registry"),
        (dao.Addresses.Guardians, GuardianRegistry.Abi, "guardian registry"),
        (dao.Addresses.Pool, RevenuePool.Abi, "revenue pool"),
        (dao.Addresses.Governor, DataGovernor.Abi, "governor"),
        (dao.Addresses.Timelock, TimelockController.Abi, "timelock"),
        (dao.Addresses.Token, DataToken.Abi, "token"),
    ];

    public ReadAction Read(ProposalAction action)
    {
        var data = Hex.Decode(action.Calldata);
        var (_, abi, name) = Array.Find(_contracts, contract => contract.Target == action.Target);
        var function = data.Length < 4 ? null : abi?.Functions.FirstOrDefault(candidate => candidate.Selector == AbiSelector.FromSpan(data));
        if (function is null)
            return new ReadAction(action.Target, name, null, [], null, action.Value, data.Length);
        try
        {
            var values = function.DecodeCall(data);
            var arguments = new List<ReadArgument>();
            for (var i = 0; i < values.Count; i++)
                Flatten(function.Name, function.Inputs[i].Name, function.Inputs[i].Type, values[i], arguments);
            return new ReadAction(action.Target, name, function.Name, arguments, values, action.Value, data.Length);
        }
        catch (AbiException)
        {
            return new ReadAction(action.Target, name, function.Name, [], null, action.Value, data.Length);
        }
    }

    public static string Percent(BigInteger bps) => Text.Units(bps, 2) + "%";

    public static string Tokens(BigInteger units, int decimals) => $"{Text.Units(units, decimals)} token{(units == BigInteger.Pow(10, decimals) ? "" : "s")}";

    public static string Duration(AbiValue seconds) => Text.Duration(seconds.AsInteger());

    private static void Flatten(string function, string name, AbiType type, AbiValue value, List<ReadArgument> into)
    {
        if (type is AbiTupleType tuple)
        {
            var parts = value.AsList();
            for (var i = 0; i < parts.Count; i++)
                Flatten(function, $"{name}.{tuple.Components[i].Name}", tuple.Components[i].Type, parts[i], into);
            return;
        }

        into.Add(new ReadArgument(name, Plain(value), Meanings.TryGetValue($"{function}.{name}", out var meaning) ? meaning(value) : null));
    }

    /// <summary>Whole, as a list's own text is cut short: what is voted on is shown to its end.</summary>
    private static string Plain(AbiValue value) => value is AbiList list ? string.Join(", ", list.Items.Select(Plain)) : value.ToString()!;
}
