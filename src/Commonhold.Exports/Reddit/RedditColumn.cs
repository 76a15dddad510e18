namespace Commonhold.Exports.Reddit;

/// <summary>Columns that code asks for by name; a row answers empty for one that its file does not have.</summary>
public enum RedditColumn
{
    Id,
    Permalink,
    Date,
    Subreddit,
    Title,
    Url,
    Body,
    Direction,
    Statistic,
    Value,
    FileName,
    Sha256,
    PostId,
    ContentLink,
}
