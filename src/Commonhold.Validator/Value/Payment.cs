using Commonhold.Client;

namespace Commonhold.Validator.Value;

/// <summary>Turns what is due into what is paid: never less than nothing, never beyond the policy's limits.</summary>
internal static class Payment
{
    /// <param name="ledger">With what was settled before.</param>
    /// <param name="due">Points of value in all.</param>
    /// <param name="multiplierPermille">Of a re-weighting; 1000 for none. What it takes or adds is settled all the same.</param>
    public static (long Earned, ValueLedger Next) Of(ValueLedger ledger, long due, ValueTerms terms, int multiplierPermille)
    {
        var open = Math.Max(0, due - ledger.Settled);
        var limit = (long)UInt128.Min(terms.MaxPerVerdict.Value, (UInt128)Math.Max(0, (long)UInt128.Min(terms.MaxPerCluster.Value, long.MaxValue) - ledger.Paid));
        var earned = (long)((Int128)open * multiplierPermille / 1000);
        if (earned > limit)
            (earned, open) = (limit, multiplierPermille == 0 ? 0 : (long)((Int128)limit * 1000 / multiplierPermille));
        return (earned, ledger with { Settled = ledger.Settled + open, Paid = ledger.Paid + earned });
    }
}
