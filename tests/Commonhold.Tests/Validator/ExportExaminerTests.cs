using Commonhold.Client;
using Commonhold.Exports.Reddit;
using Commonhold.Tests.Exports;
using Commonhold.Validator.Uniqueness;
using Commonhold.Validator.Value;
using Xunit;

namespace Commonhold.Tests.Validator;

public class ExportExaminerTests
{
    private static readonly RedditFormat Format = new();
    private static readonly byte[] Key = new byte[32];

    [Fact]
    public async Task A_cleaned_sample_passes_and_earns_points_with_reasons()
    {
        var (_, bytes) = CleaningTests.Clean(await CleaningTests.SampleBytes());
        var examination = await ExportExaminer.ExamineAsync(new MemoryStream(bytes), Format, default, Key);
        Assert.True(examination.Passed);
        Assert.DoesNotContain(examination.Checks, c => c.Outcome == CheckOutcome.Failed);
        using var world = new ValueWorld();
        var valuation = Assess(world, examination.Export!, examination.Export!.Rows);
        Assert.Null(valuation.Refusal);
        Assert.True(valuation.Earned > Points.Zero);
        Assert.Equal(valuation.Earned, valuation.Kinds.Aggregate(Points.Zero, (sum, k) => sum + k.Points));
        Assert.Contains(valuation.Gains.Top, c => c is { Kind: "comments", Quarter.Length: 7, Place.Length: > 0 });
        Assert.Equal(valuation.Earned, valuation.Gains.Top.Aggregate(valuation.Gains.OtherPoints, (sum, c) => sum + c.Points));

        world.Book.Accept(valuation, new(1));
        var again = Assess(world, examination.Export, examination.Export.Rows);
        Assert.Equal("contribution.nothing_new", again.Refusal?.Code);
    }

    [Fact]
    public async Task An_export_with_private_things_in_it_is_refused()
    {
        var examination = await ExportExaminer.ExamineAsync(new MemoryStream(await CleaningTests.SampleBytes()), Format, default, Key);
        Assert.Equal("export.not_cleaned", examination.Refusal?.Code);
        Assert.Contains(examination.Checks, c => c is { Name: "export.cleaned", Outcome: CheckOutcome.Failed });
    }

    [Fact]
    public async Task Two_samples_share_no_authored_row_and_a_copy_shares_all()
    {
        var one = await Examine(0);
        var two = await Examine(1);
        Assert.Equal(0, one.Authored.CountShared(two.Authored));
        Assert.Equal(one.Authored.Count, one.Authored.CountShared((await Examine(0)).Authored));
        Assert.NotEqual(one.Content, two.Content);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task An_export_in_parts_pays_what_it_pays_whole(int parts)
    {
        var export = await Examine(0);
        using ValueWorld one = new(), many = new();
        var whole = Assess(one, export, export.Rows).Earned;
        var earned = Points.Zero;
        for (var part = 0; part < parts; part++)
        {
            var rows = export.Rows.Rows.ToArray().Where((_, i) => i % parts == part);
            var valuation = Assess(many, export, RowSet.From(rows));
            many.Book.Accept(valuation, new(1));
            earned += valuation.Earned;
        }

        Assert.Equal(whole, earned);
    }

    [RealExportsFact]
    public async Task Every_real_export_is_valued_and_none_copies_another()
    {
        var seen = RowKeySet.Empty;
        foreach (var path in RealExports.Require())
        {
            var (_, bytes) = CleaningTests.Clean(await File.ReadAllBytesAsync(path));
            var examination = await ExportExaminer.ExamineAsync(new MemoryStream(bytes), Format, default, Key);
            Assert.True(examination.Passed, examination.Refusal?.ToString());
            Assert.Equal(0, seen.CountShared(examination.Export.Authored));
            seen = seen.Union(examination.Export.Authored);
            using var world = new ValueWorld();
            Assert.InRange((ulong)Assess(world, examination.Export, examination.Export.Rows).Earned.Value, 2_500_000UL, 50_000_000UL);
        }
    }

    private static Valuation Assess(ValueWorld world, ExaminedExport export, RowSet rows) => world.Book.Assess(
        new ValueRequest(Format, rows, export.CellNames, new(1), new(1), false, EvidenceLevel.Structure, Points.Zero), ValueWorld.Terms);

    private static async Task<ExaminedExport> Examine(int index)
    {
        var (_, bytes) = CleaningTests.Clean(await CleaningTests.SampleBytes(index));
        var examination = await ExportExaminer.ExamineAsync(new MemoryStream(bytes), Format, default, Key);
        Assert.True(examination.Passed, examination.Refusal?.ToString());
        return examination.Export;
    }
}
