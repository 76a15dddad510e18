using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Xunit;

namespace Commonhold.Tests.Exports;

public class FlatMemoryTests
{
    [Fact]
    public async Task Reading_ten_times_the_rows_takes_no_more_memory()
    {
        var small = Allocated(await CleaningTests.SampleBytes(rows: 1_000));
        var large = Allocated(await CleaningTests.SampleBytes(rows: 10_000));
        Assert.InRange(large, 0, small + (64 << 10));
    }

    private static long Allocated(byte[] archive)
    {
        var zip = new MemoryStream(archive);
        Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read();
        return GC.GetAllocatedBytesForCurrentThread() - before;

        // On this thread, so that what other tests allocate does not count.
        void Read() => Assert.Null(new RedditFormat().TryRead(ExportSource.OpenArchive(zip)).OrThrow().Refusal);
    }
}
