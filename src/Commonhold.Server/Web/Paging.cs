namespace Commonhold.Server.Web;

/// <summary>Lists are bounded JSON arrays; when there is more, a Link header (RFC 8288) says where it goes on.</summary>
internal static class Paging
{
    public const int Most = 200;

    public static int Limit(int? asked) => Math.Clamp(asked ?? 100, 1, Most);

    /// <summary>Cuts rows that were asked for with one more than the limit, and links to what follows.</summary>
    /// <param name="cursor">The query parameter that continues a list.</param>
    public static IReadOnlyList<T> Page<T>(this HttpContext context, IReadOnlyList<T> rows, int limit, string cursor, Func<T, long> next)
    {
        if (rows.Count <= limit)
            return rows;
        var query = context.Request.Query.Where(pair => pair.Key != cursor).SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value))
            .Append(KeyValuePair.Create(cursor, (string?)next(rows[limit - 1]).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        context.Response.Headers.Link = $"<{context.Request.Path}{QueryString.Create(query)}>; rel=\"next\"";
        return [.. rows.Take(limit)];
    }
}
