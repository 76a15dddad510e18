using System.Text;
using Commonhold.Exports.Sources;

namespace Commonhold.Tests.Exports.Sources;

public class JsonLineRecordReaderTests
{
    [Theory]
    [InlineData("an object a line", "{\"a\":1}\n{\"a\":\"x\"}\r\n", "1/'x'")]
    [InlineData("no end of line at the end", "{\"a\":1}\n{\"a\":2}", "1/2")]
    [InlineData("empty lines and space", "\n  {\"a\":1} \t\r\n \r\n{\"a\":2}\n\n", "1/2")]
    [InlineData("a mark of order", "\uFEFF{\"a\":1}\n", "1")]
    [InlineData("escapes, half a pair, NUL", "{\"\\u0061\":\"\\u00e9\\ud83d\\u0000\"}\n", "'é\uFFFD\uFFFD'")]
    [InlineData("a structure", "{\"a\":{\"b\": [1]}}\n", "{\"b\": [1]}")]
    [InlineData("missing and null", "{\"b\":1}\n{\"a\":null}\n", "∅/null")]
    public void Lines_are_records(string name, string text, string expected)
    {
        Assert.NotEmpty(name);
        foreach (var piece in (int[])[1, 3, 1 << 20])
            Assert.Equal(expected, string.Join('/', Records.All(Reader(text, piece), 1)));
    }

    [Theory]
    [InlineData("a name twice", "{\"a\":1,\"a\":2}\n", "export.duplicate_name")]
    [InlineData("a name twice by escape", "{\"b\":1,\"\\u0062\":2}\n", "export.duplicate_name")]
    [InlineData("a list", "[1]\n", "export.json_invalid")]
    [InlineData("a text", "\"x\"\n", "export.json_invalid")]
    [InlineData("two objects in a line", "{\"a\":1}{\"a\":2}\n", "export.json_invalid")]
    [InlineData("an object over two lines", "{\"a\":\n1}\n", "export.json_invalid")]
    [InlineData("cut", "{\"a\":1}\n{\"a\":", "export.json_invalid")]
    public void What_is_not_one_object_a_line_is_refused(string name, string text, string code) =>
        Assert.Equal((name, code), (name, Records.Refused(() => Reader(text, 1 << 20), 1).Code));

    [Fact]
    public void A_dot_is_part_of_a_name_unless_the_path_says_otherwise()
    {
        const string line = "{\"a.b\":1,\"^c\":3,\"a\":{\"b\":2}}\n";
        Assert.Equal(["1|3"], Records.All(new JsonLineRecordReader(Stream(line), "f", new RecordSelection("", ["a.b", "^c"]), SourceLimits.Default), 2));
        Assert.Equal(["2"], Records.All(new JsonLineRecordReader(Stream(line), "f", new RecordSelection("$", ["a.b"]), SourceLimits.Default), 1));
    }

    [Fact]
    public void A_line_that_never_ends_is_refused() =>
        Assert.Equal("export.row_too_long", Records.Refused(() => new JsonLineRecordReader(
            new Records.Endless("{\"a\":\"", "x", 1L << 40), "f", new RecordSelection("", ["a"]), SourceLimits.Default), 1).Code);

    private static IRecordReader Reader(string text, int piece) =>
        new JsonLineRecordReader(new Records.Pieces(Encoding.UTF8.GetBytes(text), piece), "f.jsonl", new RecordSelection("", ["a"]), SourceLimits.Default);

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
