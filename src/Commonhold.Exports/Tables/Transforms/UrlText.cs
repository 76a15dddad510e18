using System.Net;
using System.Text;

namespace Commonhold.Exports.Tables.Transforms;

/// <summary>Addresses of the web, cut down to what may be shared.</summary>
internal static class UrlText
{
    private static readonly string[] LocalEndings =
        [".local", ".localhost", ".internal", ".lan", ".home", ".home.arpa", ".test", ".invalid", ".onion", ".corp", ".intranet", ".private"];

    /// <summary>Scheme and host in lower case, the path; without credentials, the scheme's own port, query and fragment, where secrets
    /// travel. Anything but http and https is none.</summary>
    public static bool Clean(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        result = default;
        if (!TrySplit(value, out var isSecure, out var host, out var port, out var path) || value.ContainsAnyInRange((byte)0, (byte)' '))
            return false;
        var text = room.Take(value.Length + 16);
        var scheme = isSecure ? "https://"u8 : "http://"u8;
        scheme.CopyTo(text);
        TextTransforms.LowerAscii(host, text[scheme.Length..]);
        var length = scheme.Length + host.Length;
        if (!port.IsEmpty && !port.SequenceEqual(isSecure ? "443"u8 : "80"u8))
        {
            text[length++] = (byte)':';
            port.CopyTo(text[length..]);
            length += port.Length;
        }

        path = path.IsEmpty ? "/"u8 : path;
        path.CopyTo(text[length..]);
        result = text[..(length + path.Length)];
        return true;
    }

    /// <summary>The host in lower case, without a leading <c>www.</c></summary>
    public static bool Domain(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        result = default;
        if (!TryHost(value, out var host))
            return false;
        var text = room.Take(host.Length)[..host.Length];
        TextTransforms.LowerAscii(host, text);
        result = text;
        return true;
    }

    /// <summary>The host without a leading <c>www.</c>, in its own case.</summary>
    public static bool TryHost(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> host)
    {
        if (!TrySplit(value, out _, out host, out _, out _))
            return false;
        if (host.Length > 4 && Ascii.EqualsIgnoreCase(host[..4], "www."u8))
            host = host[4..];
        return true;
    }

    /// <summary>True for a URL, or a host, that only one's own machine or network reaches.</summary>
    public static bool IsLocal(ReadOnlySpan<byte> value)
    {
        if (value.StartsWith("file:"u8))
            return true;
        if (!TrySplit(value, out _, out var host, out _, out _))
            host = value;
        var isBracketed = host.StartsWith("["u8) && host.EndsWith("]"u8);
        if (host.Length is 0 or > 255)
            return false;
        var name = Encoding.UTF8.GetString(isBracketed ? host[1..^1] : host).ToLowerInvariant();
        if (IPAddress.TryParse(name, out var address))
            return IsLocal(address);

        // A name without a dot is found on one's own network only.
        return !name.Contains('.', StringComparison.Ordinal) || LocalEndings.Any(e => name.EndsWith(e, StringComparison.Ordinal));
    }

    private static bool IsLocal(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal)
            return true;
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 && (bytes[0] is 0 or 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168)
            || (bytes[0] == 169 && bytes[1] == 254) || (bytes[0] == 100 && bytes[1] is >= 64 and < 128));
    }

    // RFC 3986 §3.2, for http and https.
    private static bool TrySplit(
        ReadOnlySpan<byte> url, out bool isSecure, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> port, out ReadOnlySpan<byte> path)
    {
        host = port = path = default;
        isSecure = url.Length > 8 && Ascii.EqualsIgnoreCase(url[..8], "https://"u8);
        if (!isSecure && !(url.Length > 7 && Ascii.EqualsIgnoreCase(url[..7], "http://"u8)))
            return false;
        var rest = url[(isSecure ? 8 : 7)..];
        var end = rest.IndexOfAny("/?#\\"u8);
        var authority = end < 0 ? rest : rest[..end];
        path = end < 0 ? default : rest[end..];
        var cut = path.IndexOfAny((byte)'?', (byte)'#');
        path = cut < 0 ? path : path[..cut];
        authority = authority[(authority.LastIndexOf((byte)'@') + 1)..];
        var colon = authority.LastIndexOf((byte)':');
        if (colon >= 0 && colon > authority.LastIndexOf((byte)']'))
        {
            port = authority[(colon + 1)..];
            authority = authority[..colon];
        }

        host = authority.TrimEnd((byte)'.');
        return !host.IsEmpty && host.Length <= 255 && !port.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
