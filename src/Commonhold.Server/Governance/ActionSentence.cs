using System.Numerics;
using Commonhold.Ethereum;
using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Governance;

/// <summary>Says in a sentence what a proposal's call would do, read from its calldata and not from what its author wrote.</summary>
/// <remarks>web/govern/sentence.ts says the same in the browser from what it decoded itself; where the two differ nobody can vote.</remarks>
internal static class ActionSentence
{
    /// <param name="request">What the request that is approved asks for, by <see cref="Access.RequestSentence"/>, when its terms are exactly those that are voted on.</param>
    public static string Of(ReadAction action, string? request = null)
    {
        if (action.Function is not { } function)
            return $"Call {Target(action)} with {Text.Counted(action.Bytes, "byte")} that cannot be read{Paying(action)}.";
        if (action.Values is not { } values)
            return $"Call {function} of {Target(action)} with arguments that are not valid: it will fail.";
        return (Known(action.Contract!, function, values, request) ?? $"Call {function} of {Target(action)}{Arguments(action)}") + Paying(action) + ".";
    }

    private static string? Known(string contract, string function, IReadOnlyList<AbiValue> values, string? request) => (contract, function) switch
    {
        ("access market", "approve") => request ?? $"Approve request {values[0]} with exactly the terms {values[1]}",
        ("access market", "revoke") => $"End grant {values[0]} now; rent that is not yet earned goes back to the buyer",
        ("access market", "setWorker") => $"{(values[1].AsBool() ? "Let the worker with this key run grants" : "Let the worker with this key run no more grants")}: {Access.RequestSentence.Recipient(values[0].AsBytes32())}",
        ("contribution registry", "setValidators") => $"Make {Accounts(values[0])} the validators, {values[1]} of whom sign a batch: {List(values[0])}",
        ("contribution registry", "setDailyLimit") => $"Let at most {ActionReader.Tokens(values[0].AsInteger(), 6)} be minted a day",
        ("contribution registry", "setPolicyDigest") => $"Judge contributions by the policy with the digest {values[0]}",
        ("guardian registry", "startEpoch") => $"Start a new dataset key with {Text.Counted(values[0].AsList().Count, "guardian")}, {values[1]} of whom open a file: {List(values[0])}",
        ("revenue pool", "setSplit") => Split(values[0].AsList()),
        ("governor", "setVotingDelay") => $"Let voting begin {ActionReader.Duration(values[0])} after a proposal",
        ("governor", "setVotingPeriod") => $"Let voting last {ActionReader.Duration(values[0])}",
        ("governor", "setLateQuorumVoteExtension") => $"Let voting go on for {ActionReader.Duration(values[0])} when the quorum is reached late",
        ("governor", "setProposalThreshold") => $"Let whoever has {ActionReader.Percent(values[0].AsInteger())} of all tokens propose",
        ("governor", "setQuorumFloor") => $"Ask for at least {ActionReader.Tokens(values[0].AsInteger(), 18)} in every vote",
        ("governor", "updateQuorumNumerator") => $"Ask for {values[0]}% of all tokens in every vote",
        ("timelock", "updateDelay") => $"Let {ActionReader.Duration(values[0])} pass between a vote and carrying it out",
        _ => null,
    };

    private static string Split(IReadOnlyList<AbiValue> split)
    {
        var (operators, treasury) = (split[0].AsInteger(), split[1].AsInteger());
        return $"Share later revenue out as {ActionReader.Percent(10_000 - operators - treasury)} to the members, "
            + $"{ActionReader.Percent(operators)} to the operators at {Whole(split[2])} and {ActionReader.Percent(treasury)} to the treasury at {Whole(split[3])}";
    }

    private static string Target(ReadAction action) => action.Contract is null ? action.Target.ToString() : "the " + action.Contract;

    private static string Arguments(ReadAction action) =>
        action.Arguments.Count == 0 ? "" : " with " + string.Join(", ", action.Arguments.Select(argument => $"{argument.Name} {argument.Value}"));

    private static string Accounts(AbiValue list) => Text.Counted(list.AsList().Count, "account");

    private static string List(AbiValue accounts) => string.Join(", ", accounts.AsList().Select(Whole));

    private static string Whole(AbiValue account) => account.AsAddress().ToString();

    private static string Paying(ReadAction action) => action.Value == "0" ? "" : $", paying {Text.Grouped(BigInteger.Parse(action.Value, System.Globalization.CultureInfo.InvariantCulture))} wei";
}
