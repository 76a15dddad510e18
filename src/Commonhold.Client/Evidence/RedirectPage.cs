namespace Commonhold.Client;

/// <summary>Where a sign-in may come back to in a browser: the page <c>/sign-in</c> of a node that the policy names.</summary>
/// <remarks>Compared to the letter by provider, page and validator, so there is one spelling: the one that browsers give an origin.</remarks>
public static class RedirectPage
{
    public const string Path = "/sign-in";

    /// <summary>Pages of one client.</summary>
    public const int Most = 8;

    /// <summary>Characters; what evidence has room for.</summary>
    private const int LongestAddress = 512;

    /// <summary>True for an origin as a browser writes it and <see cref="Path"/>: https, or http on this very machine, for trials.</summary>
    public static bool IsPossible(string page) =>
        page.Length <= LongestAddress && page.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || ".-:[]/".Contains(c, StringComparison.Ordinal))
        && Uri.TryCreate(page, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.Host is "localhost" or "127.0.0.1" or "[::1]"))
        && page == uri.GetLeftPart(UriPartial.Authority) + Path;
}
