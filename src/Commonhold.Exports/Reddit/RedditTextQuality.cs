namespace Commonhold.Exports.Reddit;

/// <summary>How the quality of a kind of row is found.</summary>
internal enum RedditQuality
{
    Full,
    Post,
    Comment,
    Vote,
}

/// <summary>Quality of what was posted; nothing for what its author or a moderator took away.</summary>
internal static class RedditTextQuality
{
    public static byte Of(ReadOnlySpan<byte> body) => IsGone(body) ? (byte)0 : TextQuality.Of(body);

    public static byte OfPost(ReadOnlySpan<byte> title, ReadOnlySpan<byte> body) =>
        IsGone(title) || (!body.IsEmpty && IsGone(body)) ? (byte)0 : TextQuality.Of(title, body);

    private static bool IsGone(ReadOnlySpan<byte> text) =>
        text.IsEmpty || text.SequenceEqual("[deleted]"u8) || text.SequenceEqual("[removed]"u8);
}
