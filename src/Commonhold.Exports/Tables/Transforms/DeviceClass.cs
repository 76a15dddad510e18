using System.Text;

namespace Commonhold.Exports.Tables.Transforms;

/// <summary>What sort of device a name is: enough to learn from, too little to tell whose it is.</summary>
internal static class DeviceClass
{
    // The first line with a word in the name decides, so the narrower words come first.
    private static readonly (byte[] Class, byte[][] Words)[] Classes =
    [
        Line("watch", "watch", "fitbit", "garmin"),
        Line("scale", "scale", "withings body"),
        Line("console", "playstation", "xbox", "nintendo", "wii", "ps3", "ps4", "ps5"),
        Line("tablet", "ipad", "tablet", "kindle", "galaxy tab"),
        Line("speaker", "speaker", "sonos", "echo", "homepod", "google home", "alexa"),
        Line("car", "carplay", "android auto", "tesla", "car "),
        Line("tv", " tv", "tv ", "smart-tv", "smarttv", "television", "chromecast", "roku", "bravia", "tizen", "webos", "set top", "set-top", "stb", "blu-ray", "fire stick"),
        Line("phone", "phone", "android", "ios", "pixel", "galaxy"),
        Line("computer", "windows", "mac", "linux", "pc", "chrome", "firefox", "safari", "edge", "web", "browser", "laptop", "computer"),
    ];

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

    private static (byte[], byte[][]) Line(string name, params string[] words) =>
        (Encoding.ASCII.GetBytes(name), [.. words.Select(Encoding.ASCII.GetBytes)]);
}
