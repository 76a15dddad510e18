using System.Globalization;
using Commonhold.Client;

namespace Commonhold.Server.Web;

/// <summary>One stretch of a list, newest first or in order; <c>next</c> is given back as <c>?cursor=</c> for the one after.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>Cuts rows that were asked for with one more than the limit.</summary>
    public static Page<T> Cut(IReadOnlyList<T> rows, int limit, Func<T, string> cursorOf) =>
        rows.Count > limit ? new([.. rows.Take(limit)], cursorOf(rows[limit - 1])) : new(rows, null);
}

internal static class Paging
{
    public const int Most = 200;

    public static int Limit(int? asked) => Math.Clamp(asked ?? 50, 1, Most);

    public static Result<long> Cursor(string? text, long start) =>
        text is null ? start
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : new Refusal("request.invalid", $"'{text}' is not a cursor of this list.", "Use the 'next' of the page before.");
}
