using System.Globalization;

namespace Commonhold.Client;

/// <summary>Where a sign-in comes back to: the member's own machine (RFC 8252 §7.3).</summary>
public static class Loopback
{
    public const string Path = "/commonhold";

    private const string Start = "http://127.0.0.1:";

    /// <param name="port">Free, or the one that the provider has on file.</param>
    public static string RedirectUri(int port) => $"{Start}{port.ToString(CultureInfo.InvariantCulture)}{Path}";

    /// <summary>True for an address that <see cref="RedirectUri"/> makes, and for no other.</summary>
    public static bool IsRedirect(string uri) =>
        uri.StartsWith(Start, StringComparison.Ordinal) && uri.EndsWith(Path, StringComparison.Ordinal)
        && ushort.TryParse(uri.AsSpan(Start.Length, Math.Max(uri.Length - Start.Length - Path.Length, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
        && port > 0 && uri == RedirectUri(port);
}
