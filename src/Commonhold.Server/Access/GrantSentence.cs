using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Access;

/// <summary>A buyer's terms as the sentence that voters read; web/market/sentence.ts says the same in the browser.</summary>
internal static class GrantSentence
{
    /// <param name="contributions">In the batches of the scope.</param>
    public static string Of(GrantTerms terms, Address buyer, long contributions, Currency currency) =>
        $"Let {Currencies.Shorten(buyer)} {Use(terms, contributions)} for {Duration(terms.Duration)}, {Price(terms, currency)}";

    /// <summary>What the mode lets the buyer do.</summary>
    public static string Use(GrantTerms terms, long contributions) => terms.Mode switch
    {
        GrantMode.Raw => $"read {Count(contributions, "contribution")} as they are",
        GrantMode.Anonymised => $"have {Count(contributions, "contribution")} made anonymous by a worker",
        GrantMode.Query => $"put up to {Count(terms.Runs, "question")} to {Count(contributions, "contribution")} through a worker",
        GrantMode.Job => $"run one job up to {Count(terms.Runs, "time")} on {Count(contributions, "contribution")} inside a worker",
        _ => throw new ArgumentOutOfRangeException(nameof(terms)),
    };

    public static string Price(GrantTerms terms, Currency currency) =>
        terms.Price == Wei.Zero ? "for nothing"
        : terms.Pricing == Pricing.Rent
            ? $"for a rent of {Show(terms.Price, currency)}{(terms.Renewals > 0 ? $", renewable {Count(terms.Renewals, "time")}" : "")}"
            : $"for {Show(terms.Price, currency)}";

    public static string Duration(ulong seconds)
    {
        var (number, unit) = seconds switch
        {
            >= 86_400 when seconds % 86_400 == 0 => (seconds / 86_400, "day"),
            >= 3_600 when seconds % 3_600 == 0 => (seconds / 3_600, "hour"),
            >= 60 when seconds % 60 == 0 => (seconds / 60, "minute"),
            _ => (seconds, "second"),
        };
        return Count((long)number, unit);
    }

    private static string Show(Wei amount, Currency currency) => $"{Text.Units(amount.Value, currency.Decimals)} {currency.Symbol}";

    private static string Count(long number, string noun) => Text.Counted(number, noun);
}
