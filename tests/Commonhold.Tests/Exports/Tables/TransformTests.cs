using System.Text;
using Commonhold.Exports.Tables.Transforms;

namespace Commonhold.Tests.Exports.Tables;

public class TransformTests
{
    [Theory]
    [InlineData("trim", "\u00a0 a b \t", "a b")]
    [InlineData("lower", "ÀBc", "Àbc")]
    [InlineData("datetime", "2024-05-06", "2024-05-06T00:00:00Z")]
    [InlineData("datetime", "2024-05-06 07:08", "2024-05-06T07:08:00Z")]
    [InlineData("datetime", "2024-05-06 07:08:09 UTC", "2024-05-06T07:08:09Z")]
    [InlineData("datetime", "2024-05-06 07:08:09 +0130", "2024-05-06T05:38:09Z")]
    [InlineData("datetime", "2024-05-06t07:08:09,5-01", "2024-05-06T08:08:09.5Z")]
    [InlineData("datetime", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")]
    [InlineData("datetime", "2024-05-06T07:08:09.1234567891Z", null)]
    [InlineData("datetime", "06.05.2024", null)]
    [InlineData("datetime", "0001-01-01T00:00:00+01:00", null)]
    [InlineData("unix-seconds", "1757492870", "2025-09-10T08:27:50Z")]
    [InlineData("unix-seconds", "1694335670.123456", "2023-09-10T08:47:50.123456Z")]
    [InlineData("unix-seconds", "-1", "1969-12-31T23:59:59Z")]
    [InlineData("unix-seconds", "1e99", null)]
    [InlineData("unix-milliseconds", "1757492870001", "2025-09-10T08:27:50.001Z")]
    [InlineData("unix-microseconds", "1757492870000001", "2025-09-10T08:27:50.000001Z")]
    [InlineData("webkit-microseconds", "13401966470000001", "2025-09-10T08:27:50.000001Z")]
    [InlineData("webkit-microseconds", "0", "1601-01-01T00:00:00Z")]
    [InlineData("x-datetime", "Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24Z")]
    [InlineData("x-datetime", "Wed Okt 10 20:19:24 +0000 2018", null)]
    [InlineData("date-mdy", "12/31/24", "2024-12-31")]
    [InlineData("date-mdy", "1/2/2019", "2019-01-02")]
    [InlineData("date-mdy", "31/12/24", null)]
    [InlineData("date-dmy", "31.12.24", "2024-12-31")]
    [InlineData("duration-seconds", "1:02:03", "3723")]
    [InlineData("duration-seconds", "00:59", "59")]
    [InlineData("duration-seconds", "1:60", null)]
    [InlineData("duration-seconds", "1:2:3:4", null)]
    [InlineData("integer", "12.9", "12")]
    [InlineData("integer", "-3", "-3")]
    [InlineData("integer", "many", null)]
    [InlineData("boolean", "Yes", "true")]
    [InlineData("boolean", "0", "false")]
    [InlineData("boolean", "perhaps", null)]
    [InlineData("number", "1.50", "1.50")]
    [InlineData("url", "HTTPS://User:pw@Example.ORG:443/A/b?token=x#part", "https://example.org/A/b")]
    [InlineData("url", "http://example.org:8080", "http://example.org:8080/")]
    [InlineData("url", "http://example.org?q=secret", "http://example.org/")]
    [InlineData("url", "chrome://settings", null)]
    [InlineData("url", "https:///path", null)]
    [InlineData("url", "https://exa mple.org/", null)]
    [InlineData("domain", "https://WWW.Example.org./x", "example.org")]
    [InlineData("domain", "mailto:a@b.example", null)]
    [InlineData("tag", "Samantha", "7a49")]
    [InlineData("device", "Samsung 2019 UHD TV (Tizen)", "tv")]
    [InlineData("device", "Apple iPad Air", "tablet")]
    [InlineData("device", "Google Pixel 8", "phone")]
    [InlineData("device", "Sony PS5", "console")]
    [InlineData("device", "Chrome PC (Cadmium)", "computer")]
    [InlineData("device", "toaster", "other")]
    [InlineData("last-segment", "spotify:track:abc", "abc")]
    [InlineData("last-segment", "plain", "plain")]
    [InlineData("join-parts", "[\"a\",{\"asset\":1},\"b \\u00e9\"]", "a\nb é")]
    [InlineData("join-parts", "as it is", "as it is")]
    [InlineData("join-parts", "[\"a\"", null)]
    [InlineData("json", "{ \"a\" : [ 1 , 2 ] }", "{\"a\":[1,2]}")]
    [InlineData("json", "{", null)]
    public void A_transform_says_what_the_page_says(string transform, string value, string? expected)
    {
        var isGiven = TransformList.Find(transform)!(Encoding.UTF8.GetBytes(value), new TransformRoom(), out var result);
        Assert.Equal(expected, isGiven ? Encoding.UTF8.GetString(result) : null);
    }

    [Theory]
    [InlineData("http://localhost/", true)]
    [InlineData("http://router/", true)]
    [InlineData("https://127.0.0.1:8443/x", true)]
    [InlineData("https://192.168.178.1/", true)]
    [InlineData("https://172.31.0.1/", true)]
    [InlineData("https://172.32.0.1/", false)]
    [InlineData("https://[::1]/", true)]
    [InlineData("https://[fe80::1]/", true)]
    [InlineData("https://[2001:db8::1]/", false)]
    [InlineData("https://[::ffff:10.0.0.1]/", true)]
    [InlineData("https://printer.local/", true)]
    [InlineData("https://wiki.corp/", true)]
    [InlineData("file:///home/me/secret.txt", true)]
    [InlineData("https://example.org/", false)]
    [InlineData("https://user@10.0.0.8/", true)]
    public void Addresses_of_ones_own_machine_and_network_are_told(string url, bool isLocal) =>
        Assert.Equal(isLocal, UrlText.IsLocal(Encoding.UTF8.GetBytes(url)));

    [Fact]
    public void Transforms_in_a_row_do_not_overwrite_what_the_next_one_reads()
    {
        var room = new TransformRoom();
        ReadOnlySpan<byte> value = "  HTTPS://Example.ORG/Some/Path?x  "u8;
        foreach (var name in (string[])["trim", "url", "lower", "last-segment", "lower", "tag"])
            Assert.True(TransformList.Find(name)!(value, room, out value));
        Assert.True(TransformList.Find("tag")!("path"u8, new TransformRoom(), out var alone));
        Assert.Equal(Encoding.UTF8.GetString(alone), Encoding.UTF8.GetString(value));
    }
}
