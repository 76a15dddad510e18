using System.Buffers;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>A URL that was found to lead to one of the allowed hosts, read so strictly that no two programs can read it differently.</summary>
/// <remarks>Only the characters of RFC 3986; the authority must be, letter for letter, the one that was allowed: so no user info, no other
/// spelling of an address (decimal, octal, hexadecimal, mapped), no trailing dot, no IPv6 literal, no name outside ASCII, no unusual port. A host with
/// letters outside ASCII is listed and given in its <c>xn--</c> form.</remarks>
internal static class FetchUrl
{
    public const int MaxLength = 4096;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?@!$&'()*+,;=%");

    /// <param name="loopback">Authorities that may be asked by plain http.</param>
    /// <exception cref="FetchFailedException">The URL is malformed, or leads elsewhere.</exception>
    public static Uri Parse(string text, IReadOnlyCollection<string> hosts, IReadOnlyCollection<string> loopback)
    {
        if (text.Length > MaxLength || text.AsSpan().ContainsAnyExcept(Characters))
            throw Invalid("has characters that no URL has, a fragment, or is too long");
        int schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = schemeEnd < 0 ? "" : text[..schemeEnd].ToLowerInvariant();
        if (scheme is not ("https" or "http"))
            throw Invalid("is not an https address");
        int start = schemeEnd + 3;
        int end = text.AsSpan(start).IndexOfAny('/', '?') is var found and >= 0 ? start + found : text.Length;
        string authority = text[start..end].ToLowerInvariant();
        if (scheme == "https" && authority.EndsWith(":443", StringComparison.Ordinal))
            authority = authority[..^4];
        if (authority.Contains('@', StringComparison.Ordinal))
            throw Invalid("names a user");
        if (!hosts.Contains(authority) || (scheme == "http" && !loopback.Contains(authority)))
            throw new FetchFailedException(
                "evidence.host_not_allowed", $"'{Show(authority)}' is not a host that this validator may ask for this{(scheme == "http" ? " without TLS" : "")}.",
                "The dataset's policy and the validator's operator must both name the host.");
        // What the connection will go by must be what was just allowed.
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.UserInfo.Length > 0
            || (url.IsDefaultPort ? url.IdnHost : $"{url.IdnHost}:{url.Port}") != authority)
            throw Invalid("does not name its host plainly");
        return url;
    }

    /// <summary>The authority of a URL as allow-lists write it; null when it has none.</summary>
    public static string? AuthorityOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed.Scheme is "https" or "http"
            ? parsed.IsDefaultPort ? parsed.IdnHost.ToLowerInvariant() : $"{parsed.IdnHost.ToLowerInvariant()}:{parsed.Port}"
            : null;

    private static FetchFailedException Invalid(string what) => new("evidence.url_invalid", $"An address to fetch {what}.");

    private static string Show(string authority) => authority.Length <= 80 ? authority : authority[..80] + "…";
}
