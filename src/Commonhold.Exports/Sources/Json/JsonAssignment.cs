namespace Commonhold.Exports.Sources.Json;

/// <summary>How a JSON document is wrapped.</summary>
internal enum JsonForm : byte
{
    Plain,

    /// <summary>A script of one assignment: <c>window.YTD.tweets.part0 = [ … ]</c>, with or without a semicolon at the end.</summary>
    Assignment,
}

/// <summary>The part of a script before its JSON: one dotted name and an equals sign, and nothing else.</summary>
internal static class JsonAssignment
{
    public const int MaxBytes = 256;

    /// <summary>The length of the part and the name in it; false when the bytes do not begin so, or end before it does.</summary>
    public static bool TryParse(ReadOnlySpan<byte> head, out int length, out ReadOnlySpan<byte> name)
    {
        length = 0;
        name = default;
        head = head[..Math.Min(head.Length, MaxBytes)];
        var start = Space(head, 0);
        var at = start;
        do
        {
            at = at == start ? at : at + 1;
            var end = at;
            while (end < head.Length && (char.IsAsciiLetterOrDigit((char)head[end]) || head[end] is (byte)'_' or (byte)'$'))
                end++;
            if (end == at || char.IsAsciiDigit((char)head[at]))
                return false;
            at = end;
        }
        while (at < head.Length && head[at] == '.');

        name = head[start..at];
        at = Space(head, at);
        if (at >= head.Length || head[at] != '=')
            return false;
        length = at + 1;
        return true;
    }

    private static int Space(ReadOnlySpan<byte> head, int at)
    {
        while (at < head.Length && head[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            at++;
        return at;
    }
}
