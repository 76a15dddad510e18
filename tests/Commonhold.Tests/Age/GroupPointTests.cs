using System.Numerics;
using System.Security.Cryptography;
using Commonhold.Age;
using Xunit;

namespace Commonhold.Tests.Age;

public sealed class GroupPointTests
{
    private static readonly byte[] BasePoint = Convert.FromHexString("58" + string.Concat(Enumerable.Repeat("66", 31)));

    [Fact]
    public void The_base_point_maps_to_nine_and_back()
    {
        Assert.Equal(HostilePoints.Bytes(9), GroupPoint.Parse(BasePoint).ToMontgomery());
        Assert.Equal(BasePoint, GroupPoint.FromShare(HostilePoints.Bytes(9)).Bytes.ToArray());
    }

    [Fact]
    public void Every_share_maps_as_big_integers_say()
    {
        for (var i = 0; i < 200; i++)
        {
            using var identity = X25519Identity.Generate();
            var u = new BigInteger(identity.Recipient.Point, isUnsigned: true);
            var y = (u - 1) * BigInteger.ModPow(u + 1, HostilePoints.P - 2, HostilePoints.P) % HostilePoints.P;
            var point = GroupPoint.FromShare(identity.Recipient.Point);
            Assert.Equal(HostilePoints.Bytes(y), point.Bytes.ToArray());
            Assert.Equal(identity.Recipient.Point.ToArray(), point.ToMontgomery());
        }
    }

    [Fact]
    public void Shares_of_low_order_are_refused()
    {
        foreach (var (name, share) in HostilePoints.LowOrder())
            Assert.True(Refuses(share), name);
    }

    [Fact]
    public void Shares_off_the_prime_order_subgroup_are_refused()
    {
        for (var i = 0; i < 50; i++)
        {
            using var identity = X25519Identity.Generate();
            Assert.True(Refuses(HostilePoints.OrderTwoAdded(identity.Recipient.Point)));
        }
    }

    [Fact]
    public void Random_shares_pass_only_on_the_curve_and_about_one_in_eight_of_those()
    {
        var passed = 0;
        for (var i = 0; i < 400; i++)
        {
            var share = RandomNumberGenerator.GetBytes(32);
            share[31] &= 0x7F;
            if (Refuses(share)) continue;
            passed++;
            Assert.True(HostilePoints.IsOnCurve(new BigInteger(share, isUnsigned: true)));
        }

        Assert.InRange(passed, 5, 60);
    }

    [Fact]
    public void Encodings_that_are_not_canonical_are_refused()
    {
        // 9 + p and bit 255 name the base point a second time.
        Assert.True(Refuses(HostilePoints.Bytes(HostilePoints.P + 9)));
        var high = HostilePoints.Bytes(9);
        high[31] |= 0x80;
        Assert.True(Refuses(high));
        Assert.Null(GroupPoint.TryParse(new byte[31]));
        Assert.Null(GroupPoint.TryParse(new byte[32]));
        Assert.Null(GroupPoint.TryParse(HostilePoints.Bytes(1)));
    }

    private static bool Refuses(byte[] share)
    {
        try
        {
            GroupPoint.FromShare(share);
            return false;
        }
        catch (AgeException refusal)
        {
            Assert.Equal(AgeErrors.ShareRefused, refusal.Code);
            return true;
        }
    }
}
