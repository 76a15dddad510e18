using System.Globalization;
using System.Text;

namespace Commonhold.Benchmarks.Readers;

/// <summary>An Apple Health <c>export.xml</c> of any number of records, made while it is read.</summary>
internal sealed class HealthStream(int records) : Stream
{
    private byte[] _held = Encoding.UTF8.GetBytes(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData (Record*)>\n]>\n<HealthData locale=\"en_US\">\n <ExportDate value=\"2024-06-01 09:00:00 -0700\"/>\n");

    private int _at;
    private int _made;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_at == _held.Length && !Make())
            return 0;
        var count = Math.Min(buffer.Length, _held.Length - _at);
        _held.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool Make()
    {
        if (_made > records)
            return false;
        var text = new StringBuilder();
        for (var end = Math.Min(_made + 200, records); _made < end; _made++)
        {
            var at = new DateTime(2015, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(_made * 251L).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $" <Record type=\"{(_made % 2 == 0 ? "HKQuantityTypeIdentifierHeartRate" : "HKQuantityTypeIdentifierActiveEnergyBurned")}\" sourceName=\"Ann’s Apple Watch\" sourceVersion=\"10.3.1\"")
                .Append(" device=\"&lt;&lt;HKDevice: 0x281a&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,7, software:10.3.1&gt;\"")
                .Append(CultureInfo.InvariantCulture, $" unit=\"count/min\" creationDate=\"{at} -0700\" startDate=\"{at} -0700\" endDate=\"{at} -0700\" value=\"{_made % 97}.{100 + (_made % 899)}\"");
            text.Append(_made % 3 == 0 ? ">\n  <MetadataEntry key=\"HKMetadataKeyHeartRateMotionContext\" value=\"1\"/>\n </Record>\n" : "/>\n");
        }

        if (_made == records)
        {
            _made++;
            text.Append("</HealthData>\n");
        }

        (_held, _at) = (Encoding.UTF8.GetBytes(text.ToString()), 0);
        return true;
    }
}
