namespace Commonhold.Exports.Reddit;

internal static class CommunityLink
{
    private static ReadOnlySpan<byte> UsualStart => "https://www.reddit.com/r/"u8;

    /// <summary>The community in a link, <c>/r/name/…</c>; empty when it names none.</summary>
    public static ReadOnlySpan<byte> CommunityOf(ReadOnlySpan<byte> link)
    {
        // Nearly every link starts alike, and nothing before the end of that can be a community.
        var at = link.StartsWith(UsualStart) ? UsualStart.Length - 3 : link.IndexOf("/r/"u8);
        if (at < 0)
            return [];
        var rest = link[(at + 3)..];
        var end = rest.IndexOf((byte)'/');
        return end < 0 ? rest : rest[..end];
    }
}
