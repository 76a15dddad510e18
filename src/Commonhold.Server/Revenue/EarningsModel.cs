using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;

namespace Commonhold.Server.Revenue;

/// <summary>What <c>/earnings</c> shows of one account.</summary>
/// <param name="IsOwn">Whether it is the signed-in account.</param>
/// <param name="Now">Chain time.</param>
/// <param name="Balance">Tokens, base units.</param>
/// <param name="Rewards">Points that are the account's and not claimed yet.</param>
/// <param name="Distributions">Those in which it has a part, newest first, in currencies that are money here.</param>
/// <param name="Unapproved">Coins that somebody paid in and that are not: one more than are shown when there are more.</param>
/// <param name="UnderWay">Claims that the relayer was asked to send and that the tables do not show yet.</param>
internal sealed record EarningsModel(
    Address Account, bool IsOwn, long Now, Token Token, Wei Balance, Wei Supply, Points Rewards, IReadOnlyList<EarnedPart> Distributions,
    IReadOnlyList<EarningsEntry> History, IReadOnlyList<UnapprovedPayments> Unapproved, IReadOnlyList<RelayStatus> UnderWay, IReadOnlyList<Refusal> Refusals)
{
    public IEnumerable<EarnedPart> Claimable => Distributions.Where(part => !part.IsClaimed && part.Amount > Wei.Zero);

    public bool HasSomething => Rewards > Points.Zero || Claimable.Any();

    /// <summary>Amounts by currency, the one with most distributions first.</summary>
    public static IReadOnlyList<CurrencyAmount> Sum(IEnumerable<EarnedPart> parts) =>
        [.. parts.GroupBy(part => part.Currency).OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Symbol, StringComparer.Ordinal)
            .Select(group => new CurrencyAmount(group.Key, group.Aggregate(Wei.Zero, (sum, part) => sum + part.Amount)))];
}

/// <summary>A coin that is no money here; what it says of itself does not count.</summary>
internal sealed record UnapprovedPayments
{
    public Address Coin { get; init; }
    public long Payments { get; init; }
    public long LastAt { get; init; }
}

internal sealed record CurrencyAmount(Currency Currency, Wei Amount);

/// <summary>An account's part of one distribution.</summary>
/// <param name="All">What all members got together.</param>
/// <param name="Amount">This account's: what a claim pays now, or what its claim paid.</param>
/// <param name="Grant">Where the money came from; null when somebody paid it in directly.</param>
internal sealed record EarnedPart(long DistributionId, Currency Currency, Wei All, Wei Amount, bool IsClaimed, long DistributedAt, GrantId? Grant, Bytes32 Transaction);

internal enum EarningsKind
{
    TokensClaimed,
    RevenueEarned,
    RevenueClaimed,
}

/// <summary>One line of the history.</summary>
/// <param name="Distributions">Their numbers; none for tokens.</param>
internal sealed record EarningsEntry(
    long At, EarningsKind Kind, Wei Amount, Currency Currency, IReadOnlyList<long> Distributions, GrantId? Grant, Bytes32 Transaction);
