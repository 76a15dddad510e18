using Commonhold.Ethereum;
using Xunit;

namespace Commonhold.Tests.Ethereum;

public sealed class Eip712Tests
{
    // EIP-712, "Test Cases" (assets/eip-712/Example.js).
    private const string Mail = """
        {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},
        {"name":"verifyingContract","type":"address"}],"Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}],
        "Mail":[{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}]},"primaryType":"Mail",
        "domain":{"name":"Ether Mail","version":"1","chainId":1,"verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
        "message":{"from":{"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
        "to":{"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},"contents":"Hello, Bob!"}}
        """;

    [Fact]
    public void The_standards_example_gives_the_standards_digests()
    {
        TypedData mail = TypedData.Parse(Mail);
        Assert.Equal("Mail(Person from,Person to,string contents)Person(string name,address wallet)", mail.Types.EncodeType("Mail"));
        Assert.Equal("0xa0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2", mail.Types.TypeHash("Mail").ToString());
        Assert.Equal("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e", mail.Types.HashStruct("Mail", mail.Message).ToString());
        Assert.Equal("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", mail.Domain.Separator().ToString());
        Assert.Equal("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", mail.Hash().ToString());
    }

    [Fact]
    public void The_standards_example_gives_the_standards_signature()
    {
        using var cow = Secp256k1Key.FromBytes(Keccak256.Hash("cow"u8).AsSpan());
        Bytes32 digest = TypedData.Parse(Mail).Hash();
        Signature signature = cow.Sign(digest);
        Assert.Equal("0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d", signature.R.ToString());
        Assert.Equal("0x07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b91562", signature.S.ToString());
        Assert.Equal(28, signature.V);
        Assert.Equal("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", Secp256k1Key.Recover(digest, signature).ToString());
    }

    [Fact]
    public void Declarations_and_json_mean_the_same()
    {
        TypedData mail = TypedData.Parse(Mail);
        var types = Eip712Types.Parse("Mail(Person from,Person to,string contents)", "Person(string name,address wallet)");
        Assert.Equal(mail.Hash(), (mail with { Types = types }).Hash());
        Assert.Equal(mail.Hash(), TypedData.Parse(mail.ToJson()).Hash());
    }

    [Fact]
    public void Arrays_of_structs_are_digests_of_digests()
    {
        var types = Eip712Types.Parse("Group(Person[] members,bytes32[2] keys)", "Person(string name)");
        AbiValue ann = AbiValue.List("Ann");
        AbiValue keys = AbiValue.List(Bytes32.Zero, Bytes32.FromUInt256(1));
        Bytes32 members = Keccak256.Hash(types.HashStruct("Person", ann), types.HashStruct("Person", ann));
        Bytes32 expected = Keccak256.Hash(
            [.. types.TypeHash("Group").ToArray(), .. members.ToArray(), .. Keccak256.Hash(Bytes32.Zero, Bytes32.FromUInt256(1)).ToArray()]);
        Assert.Equal(expected, types.HashStruct("Group", AbiValue.List(AbiValue.List(ann, ann), keys)));
    }

    [Theory]
    [InlineData("unknown type", "Person(string name,Nobody friend)")]
    [InlineData("unknown type in an array", "Person(string name,Nobody[2][] friends)")]
    [InlineData("tuple", "Person((string) pair)")]
    [InlineData("array of negative length", "Person(string[-1] names)")]
    [InlineData("no parentheses", "Person")]
    [InlineData("field without a name", "Person(string)")]
    public void Types_that_make_no_sense_are_refused(string kind, string declaration)
    {
        Assert.NotEmpty(kind);
        Assert.Throws<FormatException>(() => Eip712Types.Parse(declaration));
    }

    [Theory]
    [InlineData("missing member", "\"contents\":\"Hello, Bob!\"", "\"other\":1")]
    [InlineData("wrong kind", "\"Hello, Bob!\"", "7")]
    [InlineData("bad address", "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB", "0xbb")]
    [InlineData("chain id too large", "\"chainId\":1", "\"chainId\":\"0x1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"")]
    [InlineData("undeclared domain member", "\"chainId\":1,", "")]
    [InlineData("unknown primary type", "\"primaryType\":\"Mail\"", "\"primaryType\":\"Letter\"")]
    [InlineData("not json", "\"types\"", "types")]
    [InlineData("fraction", "\"chainId\":1", "\"chainId\":1.5")]
    public void Typed_data_that_do_not_fit_are_refused(string kind, string old, string replacement)
    {
        Assert.NotEmpty(kind);
        Assert.Throws<FormatException>(() => TypedData.Parse(Mail.Replace(old, replacement, StringComparison.Ordinal)));
    }

    [Fact]
    public void Recursive_values_end_in_a_refusal()
    {
        var types = Eip712Types.Parse("Node(Node[] children)");
        AbiValue value = AbiValue.List(AbiValue.List());
        Assert.NotEqual(Bytes32.Zero, types.HashStruct("Node", value));
        for (int i = 0; i < 1000; i++)
            value = AbiValue.List(AbiValue.List(value));
        Assert.Throws<ArgumentException>(() => types.HashStruct("Node", value));
    }
}
