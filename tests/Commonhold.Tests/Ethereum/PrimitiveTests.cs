using System.Numerics;
using System.Text;
using Commonhold.Ethereum;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Ethereum;

public sealed class PrimitiveTests
{
    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("testing", "0x5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02")]
    [InlineData("The quick brown fox jumps over the lazy dog", "0x4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15")]
    public void Keccak_gives_the_known_digests(string text, string digest) =>
        Assert.Equal(digest, Keccak256.Hash(Encoding.UTF8.GetBytes(text)).ToString());

    [Fact]
    public void Keccak_in_pieces_equals_keccak_at_once() =>
        Prop.ForAll<byte[], byte[]>((a, b) =>
        {
            byte[] long_ = [.. a, .. new byte[136], .. b];
            var pieces = new IncrementalKeccak256();
            pieces.Append(a);
            pieces.Append(new byte[136]);
            pieces.Append(b);
            return pieces.Finish() == Keccak256.Hash(long_);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_pair_hashes_as_its_concatenation()
    {
        Bytes32 left = Bytes32.FromUInt256(1);
        Bytes32 right = Bytes32.FromUInt256(2);
        Assert.Equal(Keccak256.Hash([.. left.ToArray(), .. right.ToArray()]), Keccak256.Hash(left, right));
    }

    // EIP-55, "Test Cases".
    [Theory]
    [InlineData("all upper", "0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("all upper", "0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("all lower", "0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("all lower", "0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("normal", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("normal", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("normal", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("normal", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void Addresses_are_written_with_their_checksum(string kind, string text)
    {
        Assert.NotEmpty(kind);
        Assert.Equal(text, Address.Parse(text).ToString());
        Assert.Equal(text, Address.Parse(text.ToLowerInvariant()).ToString());
    }

    [Theory]
    [InlineData("wrong checksum", "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("too short", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("too long", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed00")]
    [InlineData("no prefix", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("capital prefix", "0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("not hexadecimal", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg")]
    [InlineData("empty", "")]
    [InlineData("null", null)]
    public void What_is_no_address_is_refused(string kind, string? text)
    {
        Assert.NotEmpty(kind);
        Assert.False(Address.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Address.Parse(text!));
    }

    // EIP-1014, "Examples".
    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000", "0x00", "0x00", "0x4D1A2e2bB4F88F0250f26Ffff098B0b30B26BF38")]
    [InlineData("0xdeadbeef00000000000000000000000000000000", "0x00", "0x00", "0xB928f69Bb1D91Cd65274e3c79d8986362984fDA3")]
    [InlineData("0x00000000000000000000000000000000deadbeef", "0xcafebabe", "0xdeadbeef", "0x60f3f640a8508fC6a86d45DF051962668E1e8AC7")]
    [InlineData("0x0000000000000000000000000000000000000000", "0x00", "0x", "0xE33C0C7F7df4809055C3ebA6c09CFe4BaF1BD9e0")]
    public void Create2_addresses_are_those_of_the_standard(string deployer, string salt, string initCode, string expected)
    {
        Bytes32 paddedSalt = Bytes32.FromUInt256(new BigInteger(Hex.Decode(salt), isUnsigned: true, isBigEndian: true));
        Assert.Equal(expected, Address.OfContract2(Address.Parse(deployer), paddedSalt, Keccak256.Hash(Hex.Decode(initCode))).ToString());
    }

    [Theory]
    [InlineData(0, "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d")]
    [InlineData(1, "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8")]
    public void Create_addresses_follow_the_nonce(ulong nonce, string expected) =>
        Assert.Equal(Address.Parse(expected), Address.OfContract(Address.Parse("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0"), nonce));

    [Fact]
    public void Words_order_as_the_numbers_that_they_hold() =>
        Prop.ForAll<ulong, ulong>((a, b) =>
            Bytes32.FromUInt256(a).CompareTo(Bytes32.FromUInt256(b)) is var order && Math.Sign(order) == a.CompareTo(b)
            && Bytes32.FromUInt256(a).ToUInt256() == a
            && Bytes32.Parse(Bytes32.FromUInt256(a).ToString()) == Bytes32.FromUInt256(a)).QuickCheckThrowOnFailure();

    [Fact]
    public void Numbers_beyond_256_bits_do_not_become_words()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Bytes32.FromUInt256(BigInteger.Pow(2, 256)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bytes32.FromUInt256(-1));
        Assert.Equal("0x" + new string('f', 64), Bytes32.FromUInt256(BigInteger.Pow(2, 256) - 1).ToString());
    }

    [Fact]
    public void Addresses_and_words_travel_through_json()
    {
        var value = new Dictionary<Address, Bytes32> { [Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")] = Bytes32.FromUInt256(7) };
        string json = System.Text.Json.JsonSerializer.Serialize(value);
        Assert.Contains("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", json, StringComparison.Ordinal);
        Assert.Equal(value, System.Text.Json.JsonSerializer.Deserialize<Dictionary<Address, Bytes32>>(json));
    }
}
