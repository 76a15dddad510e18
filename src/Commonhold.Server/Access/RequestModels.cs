using System.Numerics;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Governance;
using Commonhold.Server.Indexer;
using Commonhold.Server.Releases;

namespace Commonhold.Server.Access;

/// <summary>What <c>/requests</c> shows, newest first.</summary>
/// <param name="Before">Where the list goes on; null at its end.</param>
internal sealed record RequestsModel(IReadOnlyList<ToldRequest> Requests, IReadOnlyDictionary<GrantId, string> Purposes, long? Before);

/// <summary>What <c>/requests/{id}</c> shows.</summary>
/// <param name="Purpose">The text that the terms name; null when nobody gave it to this node.</param>
/// <param name="History">In order.</param>
/// <param name="Proposals">That would approve it, newest first.</param>
/// <param name="Revocations">That would end it, newest first.</param>
/// <param name="ChainTime">Seconds.</param>
internal sealed record RequestModel(
    ToldRequest Told, string? Purpose, IReadOnlyList<RequestEvent> History, IReadOnlyList<ToldProposal> Proposals, IReadOnlyList<ToldProposal> Revocations,
    GrantReleases? Releases, IReadOnlyList<ReleaseView> Lines, ScopeSize Size, int GuardianThreshold, long ChainTime)
{
    public RequestView View => Told.Request;

    /// <summary>The vote that decides, or decided: one that passed, else the newest.</summary>
    public ToldProposal? Vote => Proposals.FirstOrDefault(p => p.View.State is "executed" or "queued" or "succeeded" or "active" or "pending") ?? (Proposals.Count > 0 ? Proposals[0] : null);
}

/// <param name="Kind">opened, renewed, revoked, refunded, collected.</param>
internal sealed record RequestEvent
{
    public string Kind { get; init; } = "";
    public long At { get; init; }
    public long? EndsAt { get; init; }
    public Wei? Amount { get; init; }
    public string TransactionHash { get; init; } = "";
}

/// <summary>What can be opened in a scope, without what was withdrawn.</summary>
internal sealed record ScopeSize
{
    public long Contributions { get; init; }
    public long Bytes { get; init; }
}

/// <summary>What <c>/requests/new</c> starts from.</summary>
/// <param name="Scopes">How many contributions the first n batches hold, for n from 1 on; the last is everything.</param>
/// <param name="Workers">Approved now; none means that only raw access can work.</param>
/// <param name="Split">How a payment is shared out today.</param>
/// <param name="Known">The other currencies that are money here; a buyer may name any by its address.</param>
internal sealed record NewRequestModel(
    DatasetFacts Dataset, IReadOnlyList<ScopeChoice> Scopes, IReadOnlyList<string> Workers, RevenuePool.Split Split, Currency? TrialCurrency, IReadOnlyList<Currency> Known);

internal sealed record DatasetFacts(string Name, int GuardianThreshold, int Guardians, bool IsTrial);

internal sealed record ScopeChoice
{
    public long Batches { get; init; }
    public long Contributions { get; init; }
    public long Bytes { get; init; }
}
