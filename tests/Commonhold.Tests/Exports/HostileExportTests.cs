using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Xunit;

namespace Commonhold.Tests.Exports;

public class HostileExportTests
{
    private static readonly RedditFormat Reddit = new();

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (name, code, _) in HostileExports.All())
            cases.Add(name, code);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_bad_export_is_refused_with_its_own_code_in_bounded_memory(string name, string code)
    {
        var bytes = HostileExports.All().Single(c => c.Name == name).Make();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var refusal = RefusalOfCleaning(bytes);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(code, refusal?.Code);
        Assert.NotEmpty(refusal!.Detail);
        Assert.NotEmpty(refusal.Hint);
        Assert.DoesNotContain(refusal.Detail, c => char.IsControl(c));

        // Other tests allocate in the same process at the same time; a bomb that went off would cost hundreds of megabytes.
        Assert.True(allocated < 64 << 20, $"{allocated:N0} bytes were allocated");
    }

    [Fact]
    public void The_honest_export_that_the_bad_ones_depart_from_is_taken()
    {
        Assert.Null(RefusalOfCleaning(HostileExports.HonestZip()));
    }

    [Fact]
    public void A_byte_order_mark_is_accepted()
    {
        var bytes = HostileExports.With("comment_votes.csv", "\uFEFFid,permalink,direction\r\na,https://www.reddit.com/r/x/comments/y/_/a/,up\r\n");
        Assert.Null(RefusalOfCleaning(bytes));
    }

    [Fact]
    public void Added_columns_are_tolerated_and_left_out_of_the_cleaned_archive()
    {
        var bytes = HostileExports.With("comment_votes.csv", "direction,device_id,id,permalink\nup,abc123,a,https://www.reddit.com/r/x/comments/y/_/a/\n");
        var cleaned = Reddit.TryClean(ExportSource.Open(new MemoryStream(bytes)), new MemoryStream()).OrThrow();
        Assert.Equal(FormatConfidence.Compatible, cleaned.Original.Files.Single(f => f.Kind == "comment_votes").Confidence);
        Assert.Contains(cleaned.Dropped, d => d is { File: "comment_votes.csv", Column: "device_id", Rows: 1 });
    }

    [Fact]
    public void Limits_are_the_callers_to_set()
    {
        var limits = new ExportLimits { MaxRows = 5 };
        Assert.Equal("export.too_many_rows", Reddit.TryRead(ExportSource.OpenArchive(new MemoryStream(HostileExports.HonestZip()), limits)).Refusal?.Code);
        var small = Assert.Throws<ExportRefusedException>(
            () => ExportSource.OpenArchive(new MemoryStream(HostileExports.HonestZip()), new ExportLimits { MaxTotalBytes = 100 }));
        Assert.Equal("export.too_large", small.Refusal.Code);
    }

    [Fact]
    public void Every_cut_of_an_archive_is_refused_and_none_throws()
    {
        var bytes = HostileExports.HonestZip();
        for (var length = 0; length < bytes.Length; length += 7)
            Assert.NotNull(RefusalOfCleaning(bytes[..length]));
    }

    [Fact]
    public void Every_flipped_byte_is_refused_or_harmless_and_none_throws()
    {
        var bytes = HostileExports.HonestZip();
        for (var at = 0; at < bytes.Length; at += 3)
        {
            var changed = bytes.ToArray();
            changed[at] ^= 0x55;
            RefusalOfCleaning(changed);
        }
    }

    // As the member's program opens it and as a validator does: where two things are wrong they may name either.
    private static ExportRefusal? RefusalOfCleaning(byte[] bytes)
    {
        var refusal = Refusal(() => ExportSource.OpenArchive(new MemoryStream(bytes)));
        Assert.Equal(refusal is null, Refusal(() => ExportSource.Open(new MemoryStream(bytes))) is null);
        return refusal;
    }

    private static ExportRefusal? Refusal(Func<ExportSource> open)
    {
        var source = ExportResult.Of(open);
        return source.IsAccepted ? Reddit.TryClean(source.Value, new MemoryStream()).Refusal : source.Refusal;
    }
}
