using System.Collections.Frozen;

namespace Commonhold.Exports.Reddit;

/// <summary>One file of an archive, told apart by its name.</summary>
internal sealed record RedditFile(ExportEntry Entry, RedditFileKind Kind);

/// <summary>The 38 files that Reddit's help page names: the one home of their columns and of what in them is private.</summary>
/// <remarks>
/// Privacy errs on the careful side. Left out whole: what was said in private (messages, chats, announcements, drafts and
/// scheduled posts that were never published), where one was (IP log), who one is elsewhere (linked identities, phone, Twitter,
/// persona, birth date, gender), what was paid (stripe, payouts, purchases, subscriptions), settings, and friends, who are
/// other people. Of <c>statistics.csv</c> only the rows named in <see cref="PublicStatistics"/> stay; of every other file only
/// the columns listed here: a column we do not know may hold anything.
/// </remarks>
public static class RedditFiles
{
    private const string Said = "private conversation";
    private const string Unpublished = "never published";
    private const string Identity = "says who you are elsewhere";
    private const string Payment = "payment ids";
    private const string Settings = "settings, which can tell of age, place and beliefs";

    /// <summary>All kinds, in the order in which they are read and written: what later files are held against comes first.</summary>
    public static IReadOnlyList<RedditFileKind> All { get; } =
    [
        new("checkfile", "filename,sha256", "filename,sha256"),
        new("statistics", "statistic,value", "statistic,value"),
        new("posts", "id,permalink,date,ip,subreddit,gildings,title,url,body", "id,permalink,date,subreddit,title,body")
            { PrivateColumns = "ip", IsDated = true },
        new("post_headers", "id,permalink,date,ip,subreddit,gildings,url", "id,permalink,date,subreddit")
            { PrivateColumns = "ip", IsDated = true, HeadersOf = "posts" },
        new("comments", "id,permalink,date,ip,subreddit,gildings,link,parent,body,media", "id,permalink,date,subreddit,body")
        {
            PrivateColumns = "ip",
            IsDated = true,
            OtherHeaders =
            [
                "id,permalink,date,ip,subreddit,gildings,link,parent,body",
                "id,permalink,date,ip,subreddit,gildings,gildings_silver,gildings_supergold,link,parent,body,media",
            ],
        },
        new("comment_headers", "id,permalink,date,ip,subreddit,gildings,link,parent", "id,permalink,date,subreddit")
            { PrivateColumns = "ip", IsDated = true, HeadersOf = "comments" },
        new("post_votes", "id,permalink,direction", "id,permalink,direction"),
        new("comment_votes", "id,permalink,direction", "id,permalink,direction"),
        new("poll_votes", "post_id,user_selection,text,image_url,is_prediction,stake_amount", "post_id,user_selection")
            { PrivateColumns = "stake_amount", IsSecondHand = true },
        new("saved_posts", "id,permalink", "id,permalink"),
        new("saved_comments", "id,permalink", "id,permalink"),
        new("hidden_posts", "id,permalink", "id,permalink"),
        new("subscribed_subreddits", "subreddit", "subreddit"),
        new("moderated_subreddits", "subreddit", "subreddit"),
        new("approved_submitter_subreddits", "subreddit", "subreddit") { IsSecondHand = true },
        new("multireddits", "id,display_name,date,description,privacy,subreddits,image_url,is_owner,favorited,followers", "id,subreddits")
            { IsSecondHand = true },
        new("gilded_content", "content_link,award,amount,date", "content_link") { IsSecondHand = true },
        new("gold_received", "content_link,gold_received,gilder_username,date", "content_link")
            { PrivateColumns = "gilder_username", IsSecondHand = true },
        new("messages", "id,permalink,thread_id,date,ip,from,to,subject,body", "") { Secret = Said },
        new("message_headers", "id,permalink,thread_id,date,ip,from,to", "") { Secret = Said, HeadersOf = "messages" },
        new("chat_history", "message_id,created_at,updated_at,username,message,thread_parent_message_id,channel_url,subreddit,channel_name,conversation_type", "")
            { Secret = Said },
        new("announcements", "announcement_id,sent_at,read_at,from_id,from_username,subject,body,url", "") { Secret = Said, IsSecondHand = true },
        new("drafts", "id,title,body,kind,created,spoiler,nsfw,original_content,content_category,flair_id,flair_text,send_replies,subreddit,is_public_link", "")
            { Secret = Unpublished, IsSecondHand = true },
        new("scheduled_posts", "scheduled_post_id,subreddit,title,body,url,submission_time,recurrence", "")
            { Secret = Unpublished, IsSecondHand = true },
        new("ip_logs", "date,ip", "") { Secret = "IP addresses" },
        new("linked_identities", "issuer_id,subject_id", "") { Secret = Identity },
        new("linked_phone_number", "phone_number", "") { Secret = Identity, IsSecondHand = true },
        new("twitter", "username", "") { Secret = Identity },
        new("persona", "persona_inquiry_id", "") { Secret = Identity, IsSecondHand = true },
        new("account_gender", "account_gender", "") { Secret = Identity },
        new("birthdate", "birthdate,verified_birthdate", "")
            { Secret = Identity, OtherHeaders = ["birthdate,verified_birthdate,verification_state,verification_method"] },
        new("stripe", "stripe_account_id", "") { Secret = Payment, IsSecondHand = true },
        new("payouts", "payout_amount_usd,date,payout_id", "") { Secret = Payment, IsSecondHand = true },
        new("purchases", "processor,transaction_id,product,date,cost,currency,status", "") { Secret = Payment, IsSecondHand = true },
        new("subscriptions", "processor,subscription_id,product,product_id,product_name,status,start_date,end_date", "")
            { Secret = Payment, IsSecondHand = true },
        new("user_preferences", "preference,value", "") { Secret = Settings },
        new("sensitive_ads_preferences", "type,preference", "") { Secret = Settings, IsSecondHand = true },
        new("friends", "username,note", "") { Secret = "names other people" },
    ];

    /// <summary>The rows of <c>statistics.csv</c> that stay; the e-mail address and any row we do not know are left out.</summary>
    public static IReadOnlySet<string> PublicStatistics { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "account name", "export time", "is_deleted", "registration date", "email verified",
    };

    private static readonly FrozenDictionary<string, RedditFileKind> ByName = Number(All);

    internal static IReadOnlyList<RecordKind> Kinds { get; } = [.. All.Select(k => k.Record).OfType<RecordKind>().OrderBy(k => k.Code)];

    internal static RedditFileKind Checkfile { get; } = Kind("checkfile");

    internal static RedditFileKind Statistics { get; } = Kind("statistics");

    private static FrozenDictionary<string, RedditFileKind> Number(IReadOnlyList<RedditFileKind> kinds)
    {
        (string, long, RowScope, RedditQuality)[] valued =
        [
            ("posts", 1_500_000, RowScope.Authored, RedditQuality.Post),
            ("comments", 1_000_000, RowScope.Authored, RedditQuality.Comment),
            ("post_votes", 100_000, RowScope.Own, RedditQuality.Vote),
            ("comment_votes", 100_000, RowScope.Own, RedditQuality.Vote),
            ("poll_votes", 50_000, RowScope.Own, RedditQuality.Full),
            ("saved_posts", 100_000, RowScope.Own, RedditQuality.Full),
            ("saved_comments", 100_000, RowScope.Own, RedditQuality.Full),
            ("hidden_posts", 50_000, RowScope.Own, RedditQuality.Full),
            ("subscribed_subreddits", 200_000, RowScope.Own, RedditQuality.Full),
            ("moderated_subreddits", 50_000, RowScope.Own, RedditQuality.Full),
            ("approved_submitter_subreddits", 50_000, RowScope.Own, RedditQuality.Full),
            ("multireddits", 50_000, RowScope.Own, RedditQuality.Full),
            ("gilded_content", 50_000, RowScope.Own, RedditQuality.Full),
            ("gold_received", 50_000, RowScope.Own, RedditQuality.Full),
        ];
        for (var i = 0; i < kinds.Count; i++)
        {
            kinds[i].Order = i;
            var at = Array.FindIndex(valued, v => v.Item1 == kinds[i].Name);
            if (at >= 0)
                (kinds[i].Record, kinds[i].Quality) = (new RecordKind(kinds[i].Name, (byte)(at + 1), valued[at].Item2, valued[at].Item3), valued[at].Item4);
        }

        return kinds.ToFrozenDictionary(k => k.Name, StringComparer.Ordinal);
    }

    /// <summary>The kind with that name, as in <c>comment_votes</c>.</summary>
    public static RedditFileKind Kind(string name) => ByName[name];

    /// <summary>Tells the entries of an archive apart and puts them in reading order; refuses what is no file of an export.</summary>
    internal static IReadOnlyList<RedditFile> Identify(IReadOnlyList<ExportEntry> entries)
    {
        var found = new List<RedditFile>(entries.Count);
        ExportEntry? unknown = null;
        foreach (var entry in entries)
        {
            if (KindOf(entry.Name) is { } kind)
                found.Add(new RedditFile(entry, kind));
            else
                unknown ??= entry;
        }

        const string Hint = "Pass the export as Reddit sent it: export_<name>_<date>.zip from reddit.com/settings/data-request.";
        if (!found.Exists(f => f.Kind.Name == "statistics") || !found.Exists(f => f.Kind.Name is "posts" or "comments"))
            throw new ExportRefusedException(
                "export.not_reddit", "The archive has no statistics.csv with posts.csv or comments.csv beside it.", Hint);
        if (unknown is not null)
            throw new ExportRefusedException(
                "export.unknown_file", $"The entry '{unknown.Name}' is not one of the {All.Count} files of a Reddit export.", Hint);
        if (!found.Exists(f => f.Kind.Name == "checkfile"))
            throw new ExportRefusedException("export.checkfile", "The archive has no checkfile.csv.", Hint);
        return [.. found.OrderBy(f => f.Kind.Order).ThenBy(f => f.Entry.Name.Length).ThenBy(f => f.Entry.Name, StringComparer.Ordinal)];
    }

    /// <summary><c>post_votes.csv</c>, <c>post_votes_2.csv</c>, <c>messages_archive.csv</c>, <c>messages_archive_headers.csv</c>.</summary>
    internal static RedditFileKind? KindOf(string fileName)
    {
        if (!fileName.EndsWith(".csv", StringComparison.Ordinal))
            return null;
        var name = fileName[..^4];
        if (name.Length > 2 && name.LastIndexOf('_') is > 0 and var at && name.Length - at is > 1 and <= 5
            && !name.AsSpan(at + 1).ContainsAnyExceptInRange('0', '9'))
            name = name[..at];
        if (name == "messages_archive_headers")
            name = "message_headers";
        if (name.EndsWith("_archive", StringComparison.Ordinal))
            name = name[..^"_archive".Length];
        return ByName.GetValueOrDefault(name);
    }
}
