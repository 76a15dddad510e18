using Commonhold.Client;
using Commonhold.Server.Releases;

namespace Commonhold.Server.Home;

/// <summary>What the page at <c>/</c> shows.</summary>
/// <param name="Dao">Null while the node has not read the chain.</param>
/// <param name="Problem">Why there is no DAO to show.</param>
/// <param name="Guardians">Today's, in the order of their numbers, as this node last saw them.</param>
/// <param name="Failing">Conditions that should hold and do not; empty when the node is well.</param>
internal sealed record HomeModel(
    DaoInfo? Dao, Refusal? Problem, Counts Counts, IReadOnlyList<GuardianStanding> Guardians, IReadOnlyList<GrantLine> Grants, IReadOnlyList<string> Failing);

/// <param name="Sentence">What was granted; null when its currency cannot be named now.</param>
internal sealed record GrantLine(RequestView Request, string? Sentence);
