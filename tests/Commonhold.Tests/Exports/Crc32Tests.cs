using System.Text;
using Commonhold.Exports.Zip;
using Xunit;

namespace Commonhold.Tests.Exports;

public class Crc32Tests
{
    [Fact]
    public void The_check_value_of_the_standard() => Assert.Equal(0xCBF43926u, Crc32.Append(0, Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Long_inputs_in_any_pieces_agree_with_the_bit_by_bit_form()
    {
        var data = Enumerable.Range(0, 700).Select(i => (byte)(i * i * 31 % 251)).ToArray();
        for (var length = 0; length < data.Length; length++)
        {
            var expected = BitByBit(data.AsSpan(0, length));
            Assert.Equal(expected, Crc32.Append(0, data.AsSpan(0, length)));
            Assert.Equal(expected, Crc32.Append(Crc32.Append(0, data.AsSpan(0, length / 3)), data.AsSpan(length / 3, length - (length / 3))));
        }
    }

    private static uint BitByBit(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
