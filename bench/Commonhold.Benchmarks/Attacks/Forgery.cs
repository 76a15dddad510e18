using System.Text;

namespace Commonhold.Benchmarks.Attacks;

/// <summary>What a forger does to an export. Each returns a new one.</summary>
internal static class Forgery
{
    private static readonly string[] Directions = ["up", "up", "up", "down"];

    public static ForgedExport As(this ForgedExport export, string account)
    {
        var copy = export.Clone();
        copy.Account = account;
        return copy;
    }

    /// <summary>Another id for every post and comment, on the curve of ids over time, so that no row is anybody's.</summary>
    public static ForgedExport WithMintedIds(this ForgedExport export, IdCurve curve, AttackRandom random)
    {
        var copy = export.Clone();
        var minted = new Dictionary<(string Kind, string Id), string>();
        foreach (var name in ForgedExport.Authored)
        {
            foreach (var row in copy.Rows(name))
            {
                var key = (name[..4], row[0]);
                if (!minted.TryGetValue(key, out var id))
                    minted.Add(key, id = curve.Mint(name, row[2], random));
                for (var column = 1; column < row.Length; column++)
                    row[column] = row[column].Replace($"/{row[0]}/", $"/{id}/", StringComparison.Ordinal);
                row[0] = id;
            }
        }

        return copy;
    }

    public static ForgedExport Shuffled(this ForgedExport export, AttackRandom random)
    {
        var copy = export.Clone();
        foreach (var table in copy.Tables.Values)
            random.Shuffle(table.Rows);
        return copy;
    }

    /// <summary>The rows in so many parts, each as an export of an account of its own.</summary>
    public static IReadOnlyList<ForgedExport> Split(this ForgedExport export, int parts) =>
    [
        .. Enumerable.Range(0, parts).Select(part =>
        {
            var copy = export.Clone();
            foreach (var (name, table) in copy.Tables)
            {
                if (name != "statistics")
                {
                    // By id, so that a row and its line in the headers file stay together.
                    var rows = table.Rows.Where(r => (int)(Fnv(r[0]) % (uint)parts) == part).ToList();
                    table.Rows.Clear();
                    table.Rows.AddRange(rows);
                }
            }

            copy.Account = parts == 1 ? export.Account : $"{export.Account}-{part + 1}";
            return copy;
        }),
    ];

    /// <summary>So many per cent of the words of every text replaced by words from elsewhere.</summary>
    public static ForgedExport Edited(this ForgedExport export, int percent, IReadOnlyList<string> words, AttackRandom random) =>
        export.WithTexts(text => string.Join(' ', text.Split(' ').Select(w => random.Below(100) < percent ? random.Pick(words) : w)));

    public static ForgedExport Paraphrased(this ForgedExport export) => export.WithTexts(Synonyms.Paraphrase);

    /// <summary>Only what is nobody's work: votes, saves, subscriptions.</summary>
    public static ForgedExport WithoutAuthored(this ForgedExport export)
    {
        var copy = export.Clone();
        foreach (var name in ForgedExport.Authored)
            copy.Rows(name).Clear();
        return copy;
    }

    /// <summary>The rows of both in one export of one account.</summary>
    public static ForgedExport With(this ForgedExport export, ForgedExport other)
    {
        var copy = export.Clone();
        foreach (var (name, table) in other.Tables.Where(t => t.Key != "statistics"))
        {
            if (!copy.Tables.TryGetValue(name, out var own))
            {
                copy.Tables.Add(name, table.Clone());
                continue;
            }

            var known = own.Rows.Select(r => r[0]).ToHashSet(StringComparer.Ordinal);
            own.Rows.AddRange(table.Clone().Rows.Where(r => known.Add(r[0])));
        }

        var (first, second) = (Registered(copy), Registered(other));
        Statistic(copy, "registration date")[1] = string.CompareOrdinal(first, second) < 0 ? first : second;
        if (other.ExportedAt > copy.ExportedAt)
            copy.ExportedAt = other.ExportedAt;
        return copy;
    }

    /// <summary>Some of another's posts and comments, with their ids, put among one's own.</summary>
    public static ForgedExport WithRowsOf(this ForgedExport export, ForgedExport victim, int rows)
    {
        var taken = victim.Clone();
        foreach (var name in taken.Tables.Keys.Where(n => n is not ("comments" or "comment_headers" or "statistics")).ToList())
            taken.Tables.Remove(name);
        var ids = taken.Rows("comments").Take(rows).Select(r => r[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in new[] { "comments", "comment_headers" })
            taken.Tables[name].Rows.RemoveAll(r => !ids.Contains(r[0]));
        return export.With(taken);
    }

    /// <summary>Every dated row moved by so many days, inside the account's life.</summary>
    public static ForgedExport Shifted(this ForgedExport export, int days)
    {
        var copy = export.Clone();
        foreach (var row in ForgedExport.Authored.SelectMany(copy.Rows))
            row[2] = ForgedExport.Show(ForgedExport.Date(row[2]).AddDays(days));
        Statistic(copy, "registration date")[1] = ForgedExport.Show(ForgedExport.Date(Registered(copy)).AddDays(Math.Min(0, days)));
        return copy;
    }

    /// <summary>The rows up to a part of them by time, as an earlier export of the same account has them.</summary>
    public static ForgedExport Earlier(this ForgedExport export, double part)
    {
        var copy = export.Clone();
        var dates = copy.Rows("comments").Select(r => r[2]).Order(StringComparer.Ordinal).ToList();
        var last = dates[(int)(dates.Count * part)];
        foreach (var table in ForgedExport.Authored.Select(copy.Rows))
            table.RemoveAll(r => string.CompareOrdinal(r[2], last) > 0);
        foreach (var name in copy.Tables.Keys.Where(n => n.EndsWith("_votes", StringComparison.Ordinal) || n.StartsWith("saved_", StringComparison.Ordinal)))
            copy.Tables[name].Rows.RemoveRange((int)(copy.Tables[name].Rows.Count * part), copy.Tables[name].Rows.Count - (int)(copy.Tables[name].Rows.Count * part));
        copy.ExportedAt = ForgedExport.Date(last).AddDays(1);
        return copy;
    }

    /// <summary>Headers as providers change them: a column more, another order, one less, a byte-order mark, a file in parts.</summary>
    public static ForgedExport Drifted(this ForgedExport export, int kind)
    {
        var copy = export.Clone();
        var comments = copy.Tables["comments"];
        switch (kind % 5)
        {
            case 0:
                Rebuild(comments, [.. comments.Header, "ai_summary"]);
                break;
            case 1:
                Rebuild(comments, [.. comments.Header.Order(StringComparer.Ordinal)]);
                break;
            case 2:
                Rebuild(comments, [.. comments.Header.Where(h => h != "media")]);
                break;
            case 3:
                copy.Marked.UnionWith(["comments", "post_votes", "statistics"]);
                break;
            default:
                var second = copy.Tables["post_votes"].Clone();
                second.Rows.RemoveRange(0, second.Rows.Count / 2);
                copy.Tables["post_votes"].Rows.RemoveRange(copy.Tables["post_votes"].Rows.Count / 2, second.Rows.Count);
                copy.Tables.Add("post_votes_2", second);
                break;
        }

        return copy;
    }

    /// <summary>An account out of nothing: the shape of a real export, words of many, ids on the curve.</summary>
    /// <param name="places">Communities to write in, texts as long as pay; null: communities and lengths of the model.</param>
    public static ForgedExport Fabricated(this ForgedExport model, string account, IReadOnlyList<string> words, IdCurve curve, AttackRandom random, IReadOnlyList<string>? places = null)
    {
        var copy = model.As(account);
        foreach (var row in copy.Rows("comments").Concat(copy.Rows("posts")))
        {
            var at = row.Length == 9 ? 8 : Math.Max(8, copy.Tables["comments"].Column("body"));
            row[at] = Words(words, places is null ? row[at].Split(' ').Length : 30 + random.Below(20), random);
            if (places is not null)
                Move(copy, row, random.Pick(places));
        }

        // Votes and saves of nobody: ids by chance, communities as everywhere.
        foreach (var name in new[] { "post_votes", "comment_votes", "saved_posts", "saved_comments", "hidden_posts" })
        {
            foreach (var row in copy.Rows(name))
            {
                var id = $"{row[0][..^3]}{random.Below(36 * 36 * 36):x}";
                row[1] = row[1].Replace(row[0], id, StringComparison.Ordinal);
                row[0] = id;
                if (row.Length > 2)
                    row[2] = random.Pick(Directions);
            }
        }

        return copy.WithMintedIds(curve, random);
    }

    private static void Move(ForgedExport export, string[] row, string place)
    {
        var (id, old) = (row[0], row[4]);
        foreach (var name in ForgedExport.Authored)
        {
            foreach (var same in export.Rows(name).Where(r => r[0] == id))
            {
                for (var column = 1; column < same.Length; column++)
                    same[column] = same[column] == old ? place : same[column].Replace($"/r/{old}/", $"/r/{place}/", StringComparison.Ordinal);
            }
        }
    }

    private static string Words(IReadOnlyList<string> words, int count, AttackRandom random)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
            text.Append(i == 0 ? "" : " ").Append(random.Pick(words));
        return text.ToString();
    }

    private static ForgedExport WithTexts(this ForgedExport export, Func<string, string> change)
    {
        var copy = export.Clone();
        foreach (var (name, columns) in new[] { ("comments", (string[])["body"]), ("posts", ["title", "body"]) })
        {
            foreach (var row in copy.Rows(name))
            {
                foreach (var column in columns.Select(copy.Tables[name].Column))
                    row[column] = change(row[column]);
            }
        }

        return copy;
    }

    private static void Rebuild(CsvTable table, List<string> header)
    {
        var from = header.Select(table.Column).ToArray();
        var rows = table.Rows.Select(row => from.Select(at => at < 0 ? "" : row[at]).ToArray()).ToList();
        table.Header.Clear();
        table.Header.AddRange(header);
        table.Rows.Clear();
        table.Rows.AddRange(rows);
    }

    private static string Registered(ForgedExport export) => Statistic(export, "registration date")[1];

    private static string[] Statistic(ForgedExport export, string name) => export.Tables["statistics"].Rows.First(r => r[0] == name);

    private static uint Fnv(string text) => text.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619);
}
