using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Exports.Reddit;
using Commonhold.Exports.Zip;

namespace Commonhold.Benchmarks.Browser;

/// <summary>A made-up export as large as wanted, written as it is made: long texts that hardly deflate, so that its size is real work.</summary>
internal static class BigExport
{
    private const int TextBytes = 12_000;

    /// <param name="bytes">About how large the archive becomes.</param>
    public static void Write(string path, long bytes)
    {
        using var output = File.Create(path);
        var zip = new ZipWriter(output);
        var checks = new StringBuilder(RedditFiles.Kind("checkfile").Header).Append("\r\n");
        Add("statistics", Rows(1, _ => "account name,bench_writer_1\r\nexport time,2025-03-01 07:06:40 UTC\r\nis_deleted,False\r\nregistration date,2015-03-01 07:06:40 UTC\r\n"));
        // Base64 deflates to three quarters. No one file may inflate to more than 1 GiB, so posts take a third of it.
        var rows = bytes * 4 / 3 / TextBytes;
        Add("comments", Rows(rows * 2 / 3, (i, text) =>
            $"{Id(i)},https://www.reddit.com/r/books/comments/abc123/_/{Id(i)}/,{Date(i)},203.0.113.7,books,0,https://www.reddit.com/r/books/comments/abc123/,,{text},\r\n"));
        Add("posts", Rows(rows / 3, (i, text) =>
            $"{Id(i)},https://www.reddit.com/r/books/comments/{Id(i)}/,{Date(i)},203.0.113.7,books,0,A title,https://www.reddit.com/r/books/comments/{Id(i)}/,{text}\r\n"));
        zip.Add("checkfile.csv", stream => stream.Write(Encoding.UTF8.GetBytes(checks.ToString())));
        zip.Finish();

        void Add(string kind, Action<Stream> write)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            zip.Add(kind + ".csv", stream =>
            {
                using var both = new Hashed(stream, hash);
                both.Write(Encoding.UTF8.GetBytes(RedditFiles.Kind(kind).Header + "\r\n"));
                write(both);
            });
            checks.Append(CultureInfo.InvariantCulture, $"{kind}.csv,{Convert.ToHexStringLower(hash.GetHashAndReset())}\r\n");
        }
    }

    private static Action<Stream> Rows(long count, Func<long, string> row) => stream =>
    {
        for (var i = 0L; i < count; i++)
            stream.Write(Encoding.UTF8.GetBytes(row(i)));
    };

    private static Action<Stream> Rows(long count, Func<long, string, string> row) => Rows(count, i => row(i, Convert.ToBase64String(RandomNumberGenerator.GetBytes(TextBytes * 3 / 4))));

    private static string Id(long i) => "k" + (100_000_000 + i).ToString(CultureInfo.InvariantCulture);

    private static string Date(long i) => DateTimeOffset.UnixEpoch.AddYears(50).AddMinutes(i).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private sealed class Hashed(Stream inner, IncrementalHash hash) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hash.AppendData(buffer);
            inner.Write(buffer);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
