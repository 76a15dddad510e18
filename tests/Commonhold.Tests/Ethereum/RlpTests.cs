using System.Text;
using Commonhold.Ethereum;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Ethereum;

public sealed class RlpTests
{
    private static readonly Gen<RlpItem> Items = Gen.Sized(ItemOf);

    // Ethereum wiki, "RLP", examples.
    public static TheoryData<string, string> Examples => new()
    {
        { "\"dog\"", "0x83646f67" },
        { "[\"cat\",\"dog\"]", "0xc88363617483646f67" },
        { "\"\"", "0x80" },
        { "[]", "0xc0" },
        { "[[],[[]],[[],[[]]]]", "0xc7c0c1c0c3c0c1c0" },
        {
            "\"Lorem ipsum dolor sit amet, consectetur adipisicing elit\"",
            "0xb8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974"
        },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Encoding_is_that_of_the_examples(string json, string encoded)
    {
        RlpItem item = FromJson(System.Text.Json.JsonDocument.Parse(json).RootElement);
        Assert.Equal(encoded, Hex.Encode(Rlp.Encode(item)));
        Assert.Equal(encoded, Hex.Encode(Rlp.Encode(Rlp.Decode(Hex.Decode(encoded)))));
    }

    [Theory]
    [InlineData(0, "0x80")]
    [InlineData(15, "0x0f")]
    [InlineData(127, "0x7f")]
    [InlineData(128, "0x8180")]
    [InlineData(1024, "0x820400")]
    [InlineData(ulong.MaxValue, "0x88ffffffffffffffff")]
    public void Numbers_have_no_leading_zeros(ulong number, string encoded)
    {
        Assert.Equal(encoded, Hex.Encode(Rlp.Encode(RlpItem.Number(number))));
        Assert.Equal(encoded, Hex.Encode(Rlp.Encode(RlpItem.Number(new System.Numerics.BigInteger(number)))));
        Assert.Equal(number, Rlp.Decode(Hex.Decode(encoded)).AsUInt64());
    }

    [Theory]
    [InlineData("nothing", "0x")]
    [InlineData("cut string", "0x83646f")]
    [InlineData("cut list", "0xc883636174")]
    [InlineData("trailing byte", "0x83646f6700")]
    [InlineData("single byte in the long way", "0x8105")]
    [InlineData("short string in the long form", "0xb803646f67")]
    [InlineData("short list in the long form", "0xf800")]
    [InlineData("length with a leading zero", "0xb90038")]
    [InlineData("length beyond memory", "0xbfffffffffffffffff")]
    [InlineData("list length beyond memory", "0xfbffffffff")]
    [InlineData("child longer than its list", "0xc28363")]
    public void What_is_not_canonical_is_refused(string kind, string encoded)
    {
        Assert.NotEmpty(kind);
        Assert.Throws<RlpException>(() => Rlp.Decode(Hex.Decode(encoded)));
    }

    [Fact]
    public void Deep_nesting_is_refused_before_the_stack_ends()
    {
        var item = RlpItem.List();
        for (int i = 0; i < 2000; i++)
            item = RlpItem.List(item);
        byte[] hostile = Rlp.Encode(item);
        Assert.Throws<RlpException>(() => Rlp.Decode(hostile));
    }

    [Fact]
    public void Decoding_undoes_encoding() =>
        Prop.ForAll(Items.ToArbitrary(), item => Same(item, Rlp.Decode(Rlp.Encode(item)))).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Damaged_bytes_are_refused_or_canonical() =>
        Prop.ForAll(Items.ToArbitrary(), ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<byte>(), (item, at, value) =>
        {
            byte[] bytes = Rlp.Encode(item);
            bytes[at.Get % bytes.Length] = value;
            try
            {
                return Rlp.Encode(Rlp.Decode(bytes)).AsSpan().SequenceEqual(bytes);
            }
            catch (RlpException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static Gen<RlpItem> ItemOf(int size) =>
        size == 0
            ? ArbMap.Default.GeneratorFor<byte[]>().Select(b => RlpItem.Bytes(b))
            : Gen.OneOf(
                ArbMap.Default.GeneratorFor<byte[]>().Select(b => RlpItem.Bytes(b)),
                ItemOf(size / 3).ArrayOf().Select(items => RlpItem.List(items)));

    private static bool Same(RlpItem a, RlpItem b) =>
        a.IsList == b.IsList && (a.IsList
            ? a.AsList().Count == b.AsList().Count && a.AsList().Zip(b.AsList()).All(p => Same(p.First, p.Second))
            : a.AsBytes().Span.SequenceEqual(b.AsBytes().Span));

    private static RlpItem FromJson(System.Text.Json.JsonElement json) =>
        json.ValueKind == System.Text.Json.JsonValueKind.String
            ? RlpItem.Bytes(Encoding.ASCII.GetBytes(json.GetString()!))
            : RlpItem.List([.. json.EnumerateArray().Select(FromJson)]);
}
