using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Xunit;

namespace Commonhold.Tests.Exports;

public class HostileExportTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (name, code, _) in HostileExports.All())
            cases.Add(name, code);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_bad_export_is_refused_with_its_own_code_in_bounded_memory(string name, string code)
    {
        var bytes = HostileExports.All().Single(c => c.Name == name).Make();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var refusal = await RefusalOfCleaning(bytes);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(code, refusal?.Code);
        Assert.NotEmpty(refusal!.Detail);
        Assert.NotEmpty(refusal.Hint);
        Assert.DoesNotContain(refusal.Detail, c => char.IsControl(c));

        // Other tests allocate in the same process at the same time; a bomb that went off would cost hundreds of megabytes.
        Assert.True(allocated < 64 << 20, $"{allocated:N0} bytes were allocated");
    }

    [Fact]
    public async Task The_honest_export_that_the_bad_ones_depart_from_is_taken()
    {
        Assert.Null(await RefusalOfCleaning(HostileExports.HonestZip()));
    }

    [Fact]
    public async Task A_byte_order_mark_is_accepted()
    {
        var bytes = HostileExports.With("comment_votes.csv", "\uFEFFid,permalink,direction\r\na,https://www.reddit.com/r/x/comments/y/_/a/,up\r\n");
        Assert.Null(await RefusalOfCleaning(bytes));
    }

    [Fact]
    public async Task Added_columns_are_tolerated_and_left_out_of_the_cleaned_archive()
    {
        var bytes = HostileExports.With("comment_votes.csv", "direction,device_id,id,permalink\nup,abc123,a,https://www.reddit.com/r/x/comments/y/_/a/\n");
        var export = (await RedditExport.OpenAsync(new MemoryStream(bytes))).OrThrow();
        var output = new MemoryStream();
        var cleaned = (await export.CleanAsync(output)).OrThrow();
        Assert.Equal(FormatConfidence.Compatible, cleaned.Original.Files.Single(f => f.Kind == "comment_votes").Confidence);
        Assert.Contains(cleaned.Dropped, d => d is { File: "comment_votes.csv", Column: "device_id", Rows: 1 });
    }

    [Fact]
    public async Task Limits_are_the_callers_to_set()
    {
        var limits = new ExportLimits { MaxRows = 5 };
        var export = (await RedditExport.OpenAsync(new MemoryStream(HostileExports.HonestZip()), limits)).OrThrow();
        Assert.Equal("export.too_many_rows", (await export.ReadAsync()).Refusal?.Code);
        var small = await RedditExport.OpenAsync(new MemoryStream(HostileExports.HonestZip()), new ExportLimits { MaxTotalBytes = 100 });
        Assert.Equal("export.too_large", small.Refusal?.Code);
    }

    [Fact]
    public async Task Every_cut_of_an_archive_is_refused_and_none_throws()
    {
        var bytes = HostileExports.HonestZip();
        for (var length = 0; length < bytes.Length; length += 7)
            Assert.NotNull(await RefusalOfCleaning(bytes[..length]));
    }

    [Fact]
    public async Task Every_flipped_byte_is_refused_or_harmless_and_none_throws()
    {
        var bytes = HostileExports.HonestZip();
        for (var at = 0; at < bytes.Length; at += 3)
        {
            var changed = bytes.ToArray();
            changed[at] ^= 0x55;
            await RefusalOfCleaning(changed);
        }
    }

    private static async Task<ExportRefusal?> RefusalOfCleaning(byte[] bytes)
    {
        var opened = await RedditExport.OpenAsync(new MemoryStream(bytes));
        return opened.IsAccepted ? (await opened.Value.CleanAsync(new MemoryStream())).Refusal : opened.Refusal;
    }
}
