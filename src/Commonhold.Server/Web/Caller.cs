using System.Net;
using System.Net.Sockets;

namespace Commonhold.Server.Web;

/// <summary>Whose a request is, as far as limits go.</summary>
/// <remarks>One customer of a provider has 2^64 addresses of IPv6 or more (RFC 6177), so there a network counts as one.</remarks>
internal static class Caller
{
    private const int NetworkBytes = 8;

    public static string Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    public static string Of(IPAddress? address)
    {
        if (address is null)
            return "local";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, NetworkBytes)) : address.ToString();
    }
}
