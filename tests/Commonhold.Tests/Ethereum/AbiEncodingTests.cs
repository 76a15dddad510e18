using System.Numerics;
using Commonhold.Ethereum;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Ethereum;

public sealed class AbiEncodingTests
{
    // Solidity documentation, "Contract ABI Specification", "Examples" and "Use of Dynamic Types".
    public static TheoryData<string, AbiValue[], string> Examples => new()
    {
        {
            "function baz(uint32 x, bool y)", [69, true],
            "cdcd77c0" + W("45") + W("1")
        },
        {
            "function bar(bytes3[2])", [AbiValue.List("abc"u8.ToArray(), "def"u8.ToArray())],
            "fce353f6" + R("616263") + R("646566")
        },
        {
            "function sam(bytes, bool, uint256[])", ["dave"u8.ToArray(), true, AbiValue.List(1, 2, 3)],
            "a5643bf2" + W("60") + W("1") + W("a0") + W("4") + R("64617665") + W("3") + W("1") + W("2") + W("3")
        },
        {
            "function f(uint256,uint32[],bytes10,bytes)",
            [0x123, AbiValue.List(0x456, 0x789), "1234567890"u8.ToArray(), "Hello, world!"u8.ToArray()],
            "8be65246" + W("123") + W("80") + R("31323334353637383930") + W("e0") + W("2") + W("456") + W("789") + W("d")
                + R("48656c6c6f2c20776f726c6421")
        },
        {
            "function g(uint256[][],string[])",
            [AbiValue.List(AbiValue.List(1, 2), AbiValue.List(3)), AbiValue.List("one", "two", "three")],
            "2289b18c" + W("40") + W("140") + W("2") + W("40") + W("a0") + W("2") + W("1") + W("2") + W("1") + W("3")
                + W("3") + W("60") + W("a0") + W("e0") + W("3") + R("6f6e65") + W("3") + R("74776f") + W("5") + R("7468726565")
        },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Calls_are_encoded_as_in_the_specification(string signature, AbiValue[] arguments, string expected)
    {
        AbiFunction function = AbiFunction.Parse(signature);
        byte[] data = function.EncodeCall(arguments);
        Assert.Equal("0x" + expected, Hex.Encode(data));
        Assert.Equal(arguments, function.DecodeCall(data));
    }

    [Fact]
    public void Packed_encoding_is_that_of_the_specification()
    {
        byte[] packed = AbiPacked.Encode(
            [AbiType.Parse("int16"), AbiType.Parse("bytes1"), AbiType.Parse("uint16"), AbiType.Text],
            [-1, new byte[] { 0x42 }, 3, "Hello, world!"]);
        Assert.Equal("0xffff42000348656c6c6f2c20776f726c6421", Hex.Encode(packed));
    }

    [Theory]
    [InlineData("uint8", 256)]
    [InlineData("uint8", -1)]
    [InlineData("int8", 128)]
    [InlineData("int8", -129)]
    [InlineData("uint64[]", 1)]
    [InlineData("address", 1)]
    [InlineData("string", 1)]
    public void Values_that_do_not_fit_their_type_are_the_callers_bug(string type, int value) =>
        Assert.Throws<ArgumentException>(() => AbiEncoder.Encode(AbiType.Parse(type), value));

    [Theory]
    [InlineData("int8", -128)]
    [InlineData("int8", 127)]
    [InlineData("uint8", 255)]
    public void The_ends_of_a_range_fit(string type, int value) =>
        Assert.Equal(value, AbiDecoder.Decode(AbiType.Parse(type), AbiEncoder.Encode(AbiType.Parse(type), value)).AsInt32());

    [Theory]
    [InlineData("uint")]
    [InlineData("(uint256,(bool,string)[2])[]")]
    [InlineData("tuple(address owner, bytes32[4][] proof)")]
    public void Type_names_are_read(string name) =>
        Assert.Equal(AbiType.Parse(name).CanonicalName, AbiType.Parse(AbiType.Parse(name).CanonicalName).CanonicalName);

    [Theory]
    [InlineData("")]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("uint08")]
    [InlineData("bytes0")]
    [InlineData("bytes33")]
    [InlineData("uint256[")]
    [InlineData("uint256[-1]")]
    [InlineData("uint256[99999999999]")]
    [InlineData("uint256[99999999][99999999]")]
    [InlineData("(uint256")]
    [InlineData("uint256)")]
    [InlineData("[]")]
    [InlineData("bool bool")]
    public void What_is_no_type_is_refused(string name) => Assert.Throws<FormatException>(() => AbiType.Parse(name));

    [Fact]
    public void Types_nested_without_end_are_refused()
    {
        Assert.Throws<FormatException>(() => AbiType.Parse(new string('(', 100_000)));
        Assert.Throws<FormatException>(() => AbiType.Parse("uint256" + string.Concat(Enumerable.Repeat("[]", 100_000))));
    }

    [Fact]
    public void Decoding_undoes_encoding() =>
        Prop.ForAll(AbiGen.Parameters.ToArbitrary(), parameters =>
        {
            AbiType[] types = [.. parameters.Select(p => p.Type)];
            AbiValue[] values = [.. parameters.Select(p => p.Value)];
            byte[] encoded = AbiEncoder.Encode(types, values);
            return encoded.Length % 32 == 0 && AbiDecoder.Decode(types, encoded).SequenceEqual(values);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Parsing_a_types_name_gives_the_type() =>
        Prop.ForAll(AbiGen.TypeOf(3).ToArbitrary(), type => AbiType.Parse(type.CanonicalName).Equals(type)).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Readers_refuse_values_of_another_kind_or_size()
    {
        AbiValue big = BigInteger.Pow(2, 200);
        Assert.Throws<AbiException>(() => big.AsUInt64());
        Assert.Throws<AbiException>(() => big.AsInt32());
        Assert.Throws<AbiException>(() => big.AsAddress());
        Assert.Throws<AbiException>(() => AbiValue.From("text").AsBytes());
    }

    private static string W(string hex) => hex.PadLeft(64, '0');

    private static string R(string hex) => hex.PadRight(64, '0');
}
