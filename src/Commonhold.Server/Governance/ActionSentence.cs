using System.Globalization;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;

namespace Commonhold.Server.Governance;

/// <summary>Says in a sentence what a proposal's call would do, read from its calldata and not from what its author wrote.</summary>
internal sealed class ActionSentence(Dao dao)
{
    private readonly (Address Target, ContractAbi Abi, string Name)[] _contracts =
    [
        (dao.Addresses.Market, AccessMarket.Abi, "access market"),
        (dao.Addresses.Registry, ContributionRegistry.Abi, "contribution registry"),
        (dao.Addresses.Guardians, GuardianRegistry.Abi, "guardian registry"),
        (dao.Addresses.Pool, RevenuePool.Abi, "revenue pool"),
        (dao.Addresses.Governor, DataGovernor.Abi, "governor"),
        (dao.Addresses.Timelock, TimelockController.Abi, "timelock"),
    ];

    public string Of(ProposalAction action)
    {
        var data = Hex.Decode(action.Calldata);
        var (target, abi, name) = Array.Find(_contracts, contract => contract.Target == action.Target);
        var function = data.Length < 4 ? null : abi?.Functions.FirstOrDefault(candidate => candidate.Selector == AbiSelector.FromSpan(data));
        if (function is null)
            return $"Call {(name is null ? action.Target.ToString() : "the " + name)} with {data.Length} bytes that this node cannot read{Paying(action)}.";
        IReadOnlyList<AbiValue> arguments;
        try
        {
            arguments = function.DecodeCall(data);
        }
        catch (AbiException)
        {
            return $"Call {function.Name} of the {name} with arguments that are not valid: it will fail.";
        }

        var sentence = (name, function.Name) switch
        {
            ("access market", "approve") => $"Approve request {arguments[0]} with exactly the terms {arguments[1]}",
            ("access market", "revoke") => $"Revoke grant {arguments[0]}",
            ("access market", "setWorker") => arguments[1].AsBool() ? $"Approve the worker's key {arguments[0]}" : $"Remove the worker's key {arguments[0]}",
            ("contribution registry", "setValidators") => $"Make {Count(arguments[0], "account")} the validators, {arguments[1]} of whom sign a batch: {arguments[0]}",
            ("contribution registry", "setDailyLimit") => $"Let at most {arguments[0]} points be minted a day",
            ("contribution registry", "setPolicyDigest") => $"Judge contributions by the policy with the digest {arguments[0]}",
            ("guardian registry", "startEpoch") => $"Start a new dataset key with {Count(arguments[0], "guardian")}, {arguments[1]} of whom open a file: {arguments[0]}",
            ("revenue pool", "setSplit") => $"Change how later revenue is split to {arguments[0]}",
            _ => $"Call {function.Name} of the {name} with ({string.Join(", ", arguments)})",
        };
        return sentence + Paying(action) + ".";
    }

    private static string Count(AbiValue list, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{list.AsList().Count} {noun}{(list.AsList().Count == 1 ? "" : "s")}");

    private static string Paying(ProposalAction action) => action.Value == "0" ? "" : $", paying {action.Value} wei";
}
