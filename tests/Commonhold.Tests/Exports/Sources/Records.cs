using System.Globalization;
using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.Sources;

namespace Commonhold.Tests.Exports.Sources;

/// <summary>What a reader gives, as text that can be compared: null, ∅ for a missing field, kinds by their form.</summary>
internal static class Records
{
    public static List<string> All(IRecordReader reader, int fields)
    {
        var records = new List<string>();
        using (reader)
        {
            while (reader.Read())
                records.Add(string.Join('|', Enumerable.Range(0, fields).Select(i => reader.TryGet(i, out var value) ? Show(value) : "∅")));
        }

        return records;
    }

    public static ExportRefusal Refused(Func<IRecordReader> make, int fields)
    {
        var refusal = Assert.Throws<ExportRefusedException>(() => All(make(), fields)).Refusal;
        Assert.NotEmpty(refusal.Hint);
        return refusal;
    }

    public static string Show(SourceValue value) => value.Kind switch
    {
        SourceKind.Null => "null",
        SourceKind.Integer => value.Integer.ToString(CultureInfo.InvariantCulture),
        SourceKind.Real => value.Real.ToString("R", CultureInfo.InvariantCulture) + "r",
        SourceKind.Blob => "x" + Convert.ToHexString(value.Bytes),
        SourceKind.Text => $"'{Encoding.UTF8.GetString(value.Bytes)}'",
        _ => Encoding.UTF8.GetString(value.Bytes),
    };

    /// <summary>A stream that gives at most so many bytes at a time.</summary>
    public sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes, writable: false)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(size, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(size, count));
    }

    /// <summary>A stream that goes on for as long as it is asked.</summary>
    public sealed class Endless(string head, string again, long length) : Stream
    {
        private readonly byte[] _head = Encoding.UTF8.GetBytes(head);
        private readonly byte[] _again = Encoding.UTF8.GetBytes(again);
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _at;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - _at);
            var done = 0;
            while (done < count)
            {
                var part = _at < _head.Length ? _head.AsSpan((int)_at) : _again.AsSpan((int)((_at - _head.Length) % _again.Length));
                part = part[..Math.Min(part.Length, count - done)];
                part.CopyTo(buffer[done..]);
                done += part.Length;
                _at += part.Length;
            }

            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
