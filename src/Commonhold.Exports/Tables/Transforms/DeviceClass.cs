using System.Text;
using System.Text.Json;

namespace Commonhold.Exports.Tables.Transforms;

/// <summary>What sort of device a name is: enough to learn from, too little to tell whose it is.</summary>
internal static class DeviceClass
{
    // The first class with a word in the name decides, so the narrower words come first. The browser reads the same list.
    private static readonly (byte[] Class, byte[][] Words)[] Classes = Load();

    public static bool Of(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        result = "other"u8;
        if (value.Length is 0 or > 512)
            return true;
        Span<byte> padded = stackalloc byte[value.Length + 2];
        padded.Fill((byte)' ');
        TextTransforms.LowerAscii(value, padded[1..]);
        foreach (var (name, words) in Classes)
        {
            foreach (var word in words)
            {
                if (padded.IndexOf(word) >= 0)
                {
                    result = name;
                    return true;
                }
            }
        }

        return true;
    }

    private static (byte[], byte[][])[] Load()
    {
        using var stream = typeof(DeviceClass).Assembly.GetManifestResourceStream("Tables/Transforms/devices.json")
            ?? throw new InvalidOperationException("The list of devices is not in this program.");
        using var list = JsonDocument.Parse(stream);
        return [.. list.RootElement.EnumerateArray().Select(line => (
            Encoding.UTF8.GetBytes(line.GetProperty("class").GetString()!),
            line.GetProperty("words").EnumerateArray().Select(word => Encoding.UTF8.GetBytes(word.GetString()!)).ToArray()))];
    }
}
