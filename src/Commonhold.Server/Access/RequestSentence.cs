using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Access;

/// <summary>A request in one sentence, built from its terms alone: who, what, how, how long, for how much.</summary>
/// <remarks>The browser builds the same sentence from what it reads on chain (web/govern/sentence.ts) and lets nobody sign when the two differ. Accounts and keys
/// stand in it whole: of one that is cut short somebody could make another with the same ends.</remarks>
internal static class RequestSentence
{
    /// <param name="contributions">How many the batches in scope held when they were committed.</param>
    public static string Of(Address buyer, GrantTerms terms, long contributions, Currency currency)
    {
        var (who, files, time) = (buyer, Text.Counted(contributions, "contribution"), Text.Duration(terms.Duration));
        var price = Price(terms, currency);
        return terms.Mode switch
        {
            GrantMode.Raw => $"Let {who} read {files} raw for {time} for {price}",
            GrantMode.Anonymised => $"Let {who} have {files}, anonymised by the worker {Worker(terms)}, for {time} for {price}",
            GrantMode.Query => $"Let {who} ask the worker {Worker(terms)} up to {Text.Counted(terms.Runs, "question")} about {files} within {time} for {price}",
            _ => $"Let {who} have the worker {Worker(terms)} run a job on {files} up to {Text.Counted(terms.Runs, "time")} within {time} for {price}",
        };
    }

    public static string Price(GrantTerms terms, Currency currency)
    {
        if (terms.Price == Wei.Zero)
            return "nothing";
        var amount = $"{Text.Units(terms.Price.Value, currency.Decimals)} {currency.Symbol}";
        return terms.Pricing == Pricing.Sale ? amount
            : $"a rent of {amount}{(terms.Renewals == 0 ? "" : $", renewable {Text.Counted(terms.Renewals, "time")}")}";
    }

    private static string Worker(GrantTerms terms) => Recipient(terms.Recipient);

    /// <summary>A recipient of a grant as age writes it.</summary>
    public static string Recipient(Bytes32 recipient) => new X25519Recipient(recipient.AsSpan()).ToString();
}
