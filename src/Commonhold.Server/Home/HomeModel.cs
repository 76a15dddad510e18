using Commonhold.Client;

namespace Commonhold.Server.Home;

/// <summary>What the page at <c>/</c> shows.</summary>
/// <param name="Dao">Null while the node has not read the chain.</param>
/// <param name="Problem">Why there is no DAO to show.</param>
internal sealed record HomeModel(DaoInfo? Dao, Refusal? Problem, Counts Counts, IReadOnlyDictionary<string, bool> Readiness);
