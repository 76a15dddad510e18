using System.Globalization;
using System.Text;
using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Revenue;

/// <summary>The history as a file for spreadsheets (RFC 4180).</summary>
/// <remarks>Spreadsheets run a cell that begins with = + - or @ as a formula, and a currency's symbol is a stranger's word: such a cell gets an
/// apostrophe in front, which spreadsheets show as text. What somebody paid in a coin that is no money here stands in a column of its own, in the
/// coin's smallest unit, so that no sum of amounts has it in it.</remarks>
internal static class EarningsCsv
{
    private static readonly string[] Columns = ["time_utc", "what", "amount", "currency", "currency_address", "distributions", "grant", "transaction", "unapproved_amount"];

    public static string Write(IEnumerable<EarningsEntry> history)
    {
        var text = new StringBuilder();
        Row(text, Columns);
        foreach (var entry in history)
        {
            Row(text,
            [
                Text.At(entry.At).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), Words(entry.Kind), entry.Currency.IsKnown ? entry.Amount.ToUnits(entry.Currency.Decimals) : "",
                entry.Currency.IsKnown ? entry.Currency.Name : "not approved", entry.Currency.Address.ToString(), string.Join(' ', entry.Distributions), entry.Grant?.ToString() ?? "", entry.Transaction.ToString(),
                entry.Currency.IsKnown ? "" : entry.Amount.ToString(),
            ]);
        }

        return text.ToString();
    }

    public static string Words(EarningsKind kind) => kind switch
    {
        EarningsKind.TokensClaimed => "tokens claimed",
        EarningsKind.RevenueEarned => "revenue earned",
        _ => "revenue claimed",
    };

    internal static string Field(string value)
    {
        if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static void Row(StringBuilder text, string[] fields) => text.AppendJoin(',', fields.Select(Field)).Append("\r\n");
}
