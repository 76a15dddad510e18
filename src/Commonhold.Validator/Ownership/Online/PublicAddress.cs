using System.Net;
using System.Net.Sockets;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>Tells addresses of the public internet from all others.</summary>
/// <remarks>IANA's special-purpose registries (RFC 6890) for IPv4; for IPv6 only global unicast (2000::/3) is public at all, less what lies
/// in it for other ends. Forms that carry an IPv4 address inside an IPv6 one (mapped, compatible, 6to4, NAT64, Teredo) are never public:
/// what they lead to depends on the network that they are used in.</remarks>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8",        // this network (RFC 791)
            "10.0.0.0/8",       // private (RFC 1918)
            "100.64.0.0/10",    // carrier-grade NAT (RFC 6598)
            "127.0.0.0/8",      // loopback
            "169.254.0.0/16",   // link-local, and the clouds' metadata
            "172.16.0.0/12",    // private
            "192.0.0.0/24",     // protocol assignments (RFC 6890)
            "192.0.2.0/24",     // documentation (RFC 5737)
            "192.31.196.0/24",  // AS112 (RFC 7535)
            "192.52.193.0/24",  // AMT (RFC 7450)
            "192.88.99.0/24",   // 6to4 relays (RFC 7526)
            "192.168.0.0/16",   // private
            "192.175.48.0/24",  // AS112 (RFC 7534)
            "198.18.0.0/15",    // benchmarking (RFC 2544)
            "198.51.100.0/24",  // documentation
            "203.0.113.0/24",   // documentation
            "224.0.0.0/4",      // multicast
            "240.0.0.0/4",      // reserved, and broadcast
            "2001::/23",        // protocol assignments: Teredo, ORCHID, benchmarking (RFC 2928)
            "2001:db8::/32",    // documentation (RFC 3849)
            "2002::/16",        // 6to4 (RFC 3056)
            "2620:4f:8000::/48", // AS112
            "3fff::/20",        // documentation (RFC 9637)
        }.Select(IPNetwork.Parse),
    ];

    public static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !IsListed(address),
        AddressFamily.InterNetworkV6 => address.ScopeId == 0 && IsGlobalUnicast(address) && !IsListed(address),
        _ => false,
    };

    // By its bytes: IPNetwork.Contains takes a mapped address for the IPv4 one, and finds ::ffff:8.8.8.8 in 2000::/3.
    private static bool IsGlobalUnicast(IPAddress address) => (address.GetAddressBytes()[0] & 0xe0) == 0x20;

    private static bool IsListed(IPAddress address) => Array.Exists(NotPublic, network => network.Contains(address));
}
