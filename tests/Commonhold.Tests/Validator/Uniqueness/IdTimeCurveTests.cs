using System.Globalization;
using System.IO.Compression;
using Commonhold.Tests.Exports;
using Commonhold.Tests.Guardian;
using Commonhold.Validator.State;
using Commonhold.Validator.Uniqueness.IdTime;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Xunit.Abstractions;

namespace Commonhold.Tests.Validator.Uniqueness;

public class IdTimeCurveTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset NewYear = new(2019, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [RealExportsFact]
    public void The_calibrated_knots_are_what_the_fit_gives_on_the_real_exports() =>
        Assert.Equal(
            IdTimeFit.Knots([.. RealExports.Require().SelectMany(Comments)]).Select(k => (k.Id, k.UnixSeconds)),
            IdTimeCurve.Calibrated.Knots.Select(k => (k.Id, k.UnixSeconds)));

    [RealExportsFact]
    public void No_honest_row_is_flagged_by_a_curve_that_never_saw_it_and_made_up_rows_are()
    {
        var exports = RealExports.Require().Select(Comments).ToList();
        var made = new FastKeys(1);
        int honest = 0, flagged = 0, unknown = 0;
        var caught = new SortedDictionary<string, (int Off, int All)>();
        foreach (var export in exports)
        {
            var curve = IdTimeCurve.Of(IdTimeFit.Knots([.. exports.Where(e => e != export).SelectMany(e => e)]));
            foreach (var row in export)
            {
                honest++;
                var place = curve.Place(row.Series, row.Id, At(row.UnixSeconds));
                flagged += place == IdPlace.OffCurve ? 1 : 0;
                unknown += place == IdPlace.Unknown ? 1 : 0;
                Count("another day, the same id", row.Id, row.UnixSeconds + 86_400);
                Count("two hours later, the same id", row.Id, row.UnixSeconds + 7200);
                Count("a random id of the month", 31_260_000_000 + (made.Next() % 150_000_000), row.UnixSeconds);
                Count("a random id of seven digits", 2_176_782_336 + (made.Next() % 76_000_000_000), row.UnixSeconds);
                Count("the day before's id", row.Id - 4_800_000, row.UnixSeconds);
            }

            void Count(string how, ulong id, long time)
            {
                var (off, all) = caught.GetValueOrDefault(how);
                caught[how] = (off + (curve.Place(IdSeries.RedditComments, id, At(time)) == IdPlace.OffCurve ? 1 : 0), all + 1);
            }
        }

        output.WriteLine($"{flagged} of {honest} honest rows flagged, {unknown} not known");
        foreach (var (how, (off, all)) in caught)
            output.WriteLine($"{how}: {off} of {all} flagged ({100.0 * off / all:0.00} %)");
        Assert.Equal(0, flagged);
        Assert.InRange(unknown, 0, honest / 100);
        Assert.All(caught.Values, c => Assert.True(c.Off >= 0.97 * c.All, $"{c.Off} of {c.All}"));
    }

    [Theory]
    [InlineData("a day of 2024", 40_000_000_000UL, 2024, "Unknown")]
    [InlineData("an id of 2019 with a date of 2024", 31_300_000_000UL, 2024, "OffCurve")]
    [InlineData("an early id before all knots", 1_000UL, 2015, "Unknown")]
    [InlineData("an early id with a late date", 1_000UL, 2020, "OffCurve")]
    public void Far_from_what_is_known_only_the_order_of_ids_speaks(string name, ulong id, int year, string expected)
    {
        Assert.NotEmpty(name);
        Assert.Equal(expected, IdTimeCurve.Calibrated.Place(IdSeries.RedditComments, id, new DateTimeOffset(year, 6, 1, 0, 0, 0, TimeSpan.Zero)).ToString());
        Assert.Equal(IdPlace.Unknown, IdTimeCurve.Calibrated.Place(IdSeries.RedditPosts, id, NewYear));
    }

    [Fact]
    public void A_minority_of_wrong_knots_does_not_bend_the_curve() => Prop.ForAll(
        Gen.Choose(0, 1_000_000).ListOf().Resize(10).ToArbitrary(), wrong =>
        {
            var right = Enumerable.Range(1, 40).Select(i => new IdSample(IdSeries.RedditComments, (ulong)i * 1000, i * 3600L));
            var lies = wrong.Take(10).Select((time, i) => new IdSample(IdSeries.RedditComments, ((ulong)i * 3777) + 500, time));
            var kept = IdTimeCurve.Of([.. right, .. lies]).Knots.ToList();
            return kept.Zip(kept.Skip(1)).All(p => p.First.Id < p.Second.Id && p.First.UnixSeconds <= p.Second.UnixSeconds)
                && kept.Count >= 40;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_pool_learns_a_new_stretch_from_five_proved_accounts_and_two_liars_do_not_move_it()
    {
        using var directory = new TemporaryDirectory();
        using (var state = ValidatorState.Open(directory.Path))
        {
            // Two days of ids in 2024, five thousand an hour... and two accounts that date them a year earlier.
            for (var account = 1u; account <= 7; account++)
                Add(state, account, account > 5 ? -365 * 24 : 0);
            Assert.Equal(IdPlace.OnCurve, Place(state, 30, 30));
            Assert.Equal(IdPlace.OffCurve, Place(state, 30, 30 - (365 * 24)));
            Assert.Equal(IdPlace.Unknown, Place(state, 500, 500));
        }

        using var again = ValidatorState.Open(directory.Path);
        Assert.Equal(IdPlace.OnCurve, Place(again, 30, 30));
    }

    [Fact]
    public void What_is_rolled_back_teaches_nothing()
    {
        using var directory = new TemporaryDirectory();
        using var state = ValidatorState.Open(directory.Path);
        using (state.Begin())
        {
            for (var account = 1u; account <= 7; account++)
                state.Ids.Add(Samples(account, 0), new AccountNumber(account));
        }

        Assert.Equal(IdPlace.Unknown, Place(state, 30, 30));
    }

    [Fact]
    public void A_share_off_the_curve_fails_and_too_few_rows_are_not_checked()
    {
        var check = new IdTimeCheck(IdTimeCurve.Calibrated);
        for (var i = 0; i < 9; i++)
            check.Offer(IdSeries.RedditComments, 31_300_000_000, At(0));
        Assert.Null(check.Passes());
        check.Offer(IdSeries.RedditComments, 31_300_000_000, At(0));
        Assert.False(check.Passes());
        Assert.Empty(check.Samples);
    }

    private static void Add(ValidatorState state, uint account, long shiftHours)
    {
        using var transaction = state.Begin();
        state.Ids.Add(Samples(account, shiftHours), new AccountNumber(account));
        transaction.Commit();
    }

    // Hour h of 2024 has the ids from 40 · 10⁹ + h · 200,000 on.
    private static IEnumerable<IdSample> Samples(uint account, long shiftHours) => Enumerable.Range(0, 10).Select(i => (Hour: (i * 6) + (account / 2.0), account))
        .Select(s => new IdSample(IdSeries.RedditComments, 40_000_000_000 + (ulong)(s.Hour * 200_000), Of2024(s.Hour + shiftHours)));

    private static IdPlace Place(ValidatorState state, double idHour, double hour) =>
        state.Ids.Current.Place(IdSeries.RedditComments, 40_000_000_000 + (ulong)(idHour * 200_000), At(Of2024(hour)));

    private static long Of2024(double hour) => 1_704_067_200 + (long)(hour * 3600);

    private static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);

    private static List<IdSample> Comments(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        using var reader = new StreamReader(archive.GetEntry("comment_headers.csv")!.Open());
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).Select(c => new IdSample(
            IdSeries.RedditComments,
            c[0].Aggregate(0UL, (id, digit) => (id * 36) + (ulong)"0123456789abcdefghijklmnopqrstuvwxyz".IndexOf(digit, StringComparison.Ordinal)),
            DateTimeOffset.ParseExact(c[2], "yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds()))];
    }
}
