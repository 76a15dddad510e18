using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Access;
using Commonhold.Server.Releases;

namespace Commonhold.Server.Contributions.Pages;

/// <summary>What the page <c>/my</c> shows; without an account, that one has to sign in.</summary>
internal sealed record MyModel(string Name, uint GuardianThreshold, MyData? Data);

/// <param name="Rewards">Null while the node cannot tell.</param>
/// <param name="Count">Contributions in all.</param>
/// <param name="Page">From 0.</param>
internal sealed record MyData(Address Owner, RewardStatus? Rewards, long Count, IReadOnlyList<MyContribution> Contributions, int Page, bool HasMore);

/// <summary>One contribution with all that became of it.</summary>
/// <param name="Report">Null before there is a verdict.</param>
/// <param name="CommittedAt">Unix seconds of its batch's block.</param>
/// <param name="Openings">Newest first.</param>
internal sealed record MyContribution(ContributionRow Row, Report? Report, long? CommittedAt, IReadOnlyList<MyOpening> Openings)
{
    public string Id => $"c-{Row.CiphertextDigest.ToString()[2..]}";

    public (string Word, string Kind, string Means) Standing => Row.State switch
    {
        ContributionState.Waiting => ("being checked", "info", "A validator has it and has not answered yet."),
        ContributionState.Accepted => ("accepted", "good", "It is written to the chain with the next batch."),
        ContributionState.Refused => ("refused", "bad", "It is part of no dataset, and nobody can open it but you."),
        ContributionState.Withdrawn => ("withdrawn", "warn", "No guardian helps to open it any more, and the node has deleted the file."),
        _ => ("in the dataset", "good", $"It stands in batch {Row.BatchId} on the chain."),
    };
}

/// <summary>Under one grant this contribution was released.</summary>
/// <param name="Under">Null when this node does not know the grant.</param>
internal sealed record MyOpening(ContributionRelease Release, ToldRequest? Under);
