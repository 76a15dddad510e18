using System.Diagnostics;
using System.Numerics;
using System.Text;
using Commonhold.Ethereum;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Ethereum;

public sealed class AbiHostileInputTests
{
    private const string Max = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

    [Theory]
    [InlineData("nothing at all", "uint256", "")]
    [InlineData("half a word", "uint256", "00")]
    [InlineData("number too large", "uint8", "0000000000000000000000000000000000000000000000000000000000000100")]
    [InlineData("signed number not extended", "int8", "00000000000000000000000000000000000000000000000000000000000000ff")]
    [InlineData("bool of two", "bool", "0000000000000000000000000000000000000000000000000000000000000002")]
    [InlineData("dirty address", "address", "0000000000000000000000010000000000000000000000000000000000000000")]
    [InlineData("dirty bytes4", "bytes4", "0000000001000000000000000000000000000000000000000000000000000000")]
    [InlineData("offset beyond everything", "bytes", Max)]
    [InlineData("offset just behind the end", "bytes", "0000000000000000000000000000000000000000000000000000000000000040")]
    [InlineData("offset to a half word", "bytes", "000000000000000000000000000000000000000000000000000000000000003000000000000000000000000000000000")]
    [InlineData("length beyond everything", "bytes", "0000000000000000000000000000000000000000000000000000000000000020" + Max)]
    [InlineData("length of two gigabytes", "bytes", "0000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000007fffffff")]
    [InlineData("array of two thousand million", "uint256[]", "0000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000007fffffff")]
    [InlineData("elements without size", "uint256[0][]", "0000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000007fffff00")]
    [InlineData("padding that is not zero", "bytes", "000000000000000000000000000000000000000000000000000000000000002000000000000000000000000000000000000000000000000000000000000000010101000000000000000000000000000000000000000000000000000000000000000000")]
    public void Lies_are_refused(string kind, string type, string hex)
    {
        Assert.NotEmpty(kind);
        Assert.Throws<AbiException>(() => AbiDecoder.Decode(AbiType.Parse(type), Hex.Decode("0x" + hex)));
    }

    [Fact]
    public void Offsets_that_share_a_tail_cannot_multiply()
    {
        // Each level of uint256[][][]… points all its elements to one and the same list: 64^8 elements in 17 kB.
        string type = "uint256" + string.Concat(Enumerable.Repeat("[]", 8));
        var data = new List<byte>();
        data.AddRange(Bytes32.FromUInt256(32).ToArray());
        for (int level = 0; level < 8; level++)
        {
            data.AddRange(Bytes32.FromUInt256(64).ToArray());
            for (int i = 0; i < 64; i++)
                data.AddRange(Bytes32.FromUInt256(level < 7 ? 64 * 32 : 7).ToArray());
        }

        long start = Stopwatch.GetTimestamp();
        Assert.Throws<AbiException>(() => AbiDecoder.Decode(AbiType.Parse(type), data.ToArray()));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30)); // All of them would take years.
    }

    [Fact]
    public void Damaged_encodings_decode_or_are_refused_and_nothing_else() =>
        Prop.ForAll(
            AbiGen.Parameters.ToArbitrary(), ArbMap.Default.ArbFor<PositiveInt>(), Gen.Elements<byte>(0, 1, 0x20, 0x7f, 0x80, 0xff).ToArbitrary(),
            (parameters, at, value) =>
            {
                AbiType[] types = [.. parameters.Select(p => p.Type)];
                byte[] data = AbiEncoder.Encode(types, [.. parameters.Select(p => p.Value)]);
                data[at.Get % data.Length] = value;
                Decode(types, data);
                Decode(types, data.AsSpan(0, at.Get % data.Length));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Random_bytes_decode_or_are_refused_and_nothing_else() =>
        Prop.ForAll(AbiGen.TypeOf(3).ToArbitrary(), ArbMap.Default.ArbFor<byte[]>(), (type, bytes) =>
        {
            // Mostly small words, which are plausible offsets and lengths.
            byte[] data = [.. bytes.SelectMany(b => Bytes32.FromUInt256(b).ToArray())];
            Decode([type], data);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Text_that_is_not_utf8_is_readable_and_keeps_its_bytes()
    {
        byte[] encoded = AbiEncoder.Encode(AbiType.Bytes, new byte[] { 0x61, 0xff });
        AbiValue value = AbiDecoder.Decode(AbiType.Text, encoded);
        Assert.Equal("a\ufffd", value.AsText());
        Assert.Equal(encoded, AbiEncoder.Encode(AbiType.Text, value));
        Assert.Throws<EncoderFallbackException>(() => AbiValue.From("\ud800"));
    }

    [Fact]
    public void A_million_leaves_decode()
    {
        AbiValue list = AbiValue.List(Enumerable.Range(0, 1_000_000).Select(i => (AbiValue)i));
        byte[] data = AbiEncoder.Encode(AbiType.Parse("uint32[]"), list);
        IReadOnlyList<AbiValue> decoded = AbiDecoder.Decode(AbiType.Parse("uint32[]"), data).AsList();
        Assert.Equal(1_000_000, decoded.Count);
        Assert.Equal(new BigInteger(999_999), decoded[^1].AsInteger());
    }

    private static void Decode(AbiType[] types, ReadOnlySpan<byte> data)
    {
        try
        {
            AbiDecoder.Decode(types, data);
        }
        catch (AbiException)
        {
        }
    }
}
