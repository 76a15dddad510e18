using System.Numerics;
using Commonhold.Ethereum;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Ethereum;

public sealed class SigningTests
{
    private static readonly BigInteger Order = BigInteger.Parse("115792089237316195423570985008687907852837564279074904382605163141518161494337");

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000001", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")]
    [InlineData("0x4646464646464646464646464646464646464646464646464646464646464646", "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F")]
    public void A_key_has_the_known_address(string secret, string address)
    {
        using var key = Secp256k1Key.Parse(secret);
        Assert.Equal(address, key.Address.ToString());
    }

    [Theory]
    [InlineData("zero", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("the order", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [InlineData("short", "01")]
    [InlineData("not hexadecimal", "zz00000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_secret_key_is_refused_without_being_repeated(string kind, string secret)
    {
        Assert.NotEmpty(kind);
        var e = Assert.Throws<FormatException>(() => Secp256k1Key.Parse(secret));
        Assert.DoesNotContain(secret, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Signatures_recover_to_their_signer() =>
        Prop.ForAll(AbiGen.Bytes(32).ToArbitrary(), bytes =>
        {
            using var key = Secp256k1Key.Generate();
            Bytes32 digest = Bytes32.FromSpan(bytes);
            Signature signature = key.Sign(digest);
            return signature.HasLowS
                && signature == key.Sign(digest)
                && Secp256k1Key.Recover(digest, signature) == key.Address
                && Signature.Parse(signature.ToString()) == signature;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void The_malleable_twin_of_a_signature_is_refused()
    {
        using var key = Secp256k1Key.Generate();
        Bytes32 digest = Keccak256.Hash("twin"u8);
        Signature signature = key.Sign(digest);
        var twin = new Signature(signature.R, Bytes32.FromUInt256(Order - signature.S.ToUInt256()), (byte)(1 - signature.YParity));
        Assert.False(twin.HasLowS);
        Assert.False(Secp256k1Key.TryRecover(digest, twin, out _));
        Assert.Throws<SignatureException>(() => Secp256k1Key.Recover(digest, twin));
    }

    [Fact]
    public void Half_of_the_order_is_where_high_begins()
    {
        var half = Bytes32.FromUInt256(Order / 2);
        Assert.True(new Signature(half, half, 0).HasLowS);
        Assert.False(new Signature(half, Bytes32.FromUInt256((Order / 2) + 1), 0).HasLowS);
    }

    [Theory]
    [InlineData("r zero", 0, 1, 0)]
    [InlineData("s zero", 1, 0, 0)]
    [InlineData("both zero", 0, 0, 1)]
    [InlineData("parity of two", 1, 1, 2)]
    [InlineData("parity of 255", 1, 1, 255)]
    [InlineData("x not on the curve", 5, 1, 0)]
    public void Signatures_that_nobody_made_are_refused(string kind, int r, int s, byte parity)
    {
        Assert.NotEmpty(kind);
        var signature = new Signature(Bytes32.FromUInt256(r), Bytes32.FromUInt256(s), parity);
        Assert.False(Secp256k1Key.TryRecover(Keccak256.Hash("x"u8), signature, out _));
    }

    [Fact]
    public void Random_bytes_recover_to_somebody_or_nobody_and_nothing_else() =>
        Prop.ForAll(AbiGen.Bytes(65).ToArbitrary(), AbiGen.Bytes(32).ToArbitrary(), (bytes, digest) =>
        {
            bytes[64] &= 1;
            bytes[32] &= 0x7f;
            Secp256k1Key.TryRecover(Bytes32.FromSpan(digest), Signature.FromSpan(bytes), out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void A_disposed_key_signs_no_more_and_its_secret_is_gone()
    {
        var key = Secp256k1Key.Generate();
        byte[] secret = new byte[32];
        key.CopySecretTo(secret);
        Assert.Contains(secret, b => b != 0);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Sign(Bytes32.Zero));
        Assert.Throws<ObjectDisposedException>(() => key.CopySecretTo(secret));
    }

    [Fact]
    public void Personal_messages_have_the_known_digest() =>
        Assert.Equal(
            "0xd9eba16ed0ecae432b71fe008c98cc872bb4cc214d3220a36f365326cf807d68", PersonalMessage.Hash("hello world"u8).ToString());
}
