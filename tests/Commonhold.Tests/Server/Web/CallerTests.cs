using System.Net;
using Commonhold.Server.Web;
using Xunit;

namespace Commonhold.Tests.Server.Web;

public sealed class CallerTests
{
    [Theory]
    [InlineData("a customer's two addresses", "2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("two customers", "2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("two addresses of IPv4", "192.0.2.1", "192.0.2.2", false)]
    [InlineData("one address, written in two ways", "192.0.2.1", "::ffff:192.0.2.1", true)]
    public void A_network_of_IPv6_counts_as_one_caller(string what, string one, string other, bool isSame) =>
        Assert.True((Caller.Of(IPAddress.Parse(one)) == Caller.Of(IPAddress.Parse(other))) == isSame, what);
}
