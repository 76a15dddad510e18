using System.Text.RegularExpressions;

namespace Commonhold.Benchmarks.Attacks;

/// <summary>A small thesaurus of everyday English: what a lazy paraphraser has at hand.</summary>
internal static partial class Synonyms
{
    private static readonly Dictionary<string, string> Table = Pairs(
        """
        good great, bad awful, big large, small little, think believe, like enjoy, love adore, hate despise, very really, people folks, thing item,
        things items, get obtain, got received, make create, made created, go head, went headed, see notice, saw noticed, know understand, want wish,
        wanted wished, need require, needed required, time moment, year annum, years ages, day date, days dates, man guy, woman lady, kid child, kids children,
        friend pal, friends pals, work labour, works functions, job occupation, money cash, buy purchase, bought purchased, sell vend, car vehicle, house home,
        food meal, eat consume, drink sip, funny hilarious, sad unhappy, happy glad, angry mad, nice pleasant, pretty quite, just merely, also too, but however,
        because since, maybe perhaps, never not-once, always constantly, often frequently, sometimes occasionally, still yet, now currently, then afterwards,
        here hither, there yonder, new fresh, old aged, first initial, last final, best finest, worst poorest, better superior, worse inferior, more extra,
        less fewer, many numerous, much plenty, all every, some certain, any whichever, other another, same identical, different distinct, right correct,
        wrong mistaken, true accurate, false untrue, real genuine, fake phony, hard difficult, easy simple, fast quick, slow sluggish, hot warm, cold chilly,
        start begin, started began, stop cease, end finish, try attempt, tried attempted, use employ, used employed, look glance, looks appears, looking gazing,
        feel sense, feels seems, felt sensed, say state, said stated, says states, tell inform, told informed, ask inquire, asked inquired, talk speak,
        talking speaking, show display, shows displays, play perform, game match, games matches, team squad, win triumph, won triumphed, lose fail, lost failed,
        help assist, thanks cheers, thank appreciate, please kindly, sorry apologies, hope trust, sure certain, yeah yes, yes indeed, no nope, okay fine, guy fellow,
        guys fellows, girl lass, boy lad, world planet, country nation, city town, place spot, way manner, part portion, point matter, problem issue, question query,
        answer reply, reason cause, idea notion, story tale, movie film, show programme, book volume, song tune, music melodies, picture image, post submission,
        comment remark, sub community, thread discussion, wait hold, leave depart, left departed, come arrive, came arrived, give provide, gave provided,
        take grab, took grabbed, put place, keep retain, kept retained, let allow, find discover, found discovered, live reside, die perish, died perished,
        kill slay, broken busted, breaks snaps, break snap, old ancient, map chart, recipe dish, bicycle bike, season series, keeper goalie, cheap inexpensive,
        library archive, night evening, train railway, notebook journal, patch update, café diner, trail path, better finer, reminds evokes, never rarely,
        cheaper pricier, depends relies, deserves merits, taught showed, costs runs, arrived appeared, honestly frankly, idea clue, neighbour roommate, winter autumn,
        fair frank, turns works, forget overlook, slowly gently, nobody no-one, expected foresaw, weather climate, helped aided, sounds seems
        """);

    public static int Count => Table.Count;

    /// <summary>The text with every word that has a synonym replaced.</summary>
    public static string Paraphrase(string text) => Word().Replace(text, word =>
    {
        if (!Table.TryGetValue(word.Value.ToLowerInvariant(), out var other))
            return word.Value;
        return char.IsUpper(word.Value[0]) ? char.ToUpperInvariant(other[0]) + other[1..] : other;
    });

    private static Dictionary<string, string> Pairs(string text)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split([',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            table.TryAdd(pair.Split(' ')[0], pair.Split(' ')[1]);
        return table;
    }

    [GeneratedRegex(@"[\p{L}]+")]
    private static partial Regex Word();
}
