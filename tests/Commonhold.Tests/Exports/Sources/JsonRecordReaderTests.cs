using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Exports.Sources;
using Commonhold.Exports.Sources.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Exports.Sources;

public class JsonRecordReaderTests
{
    [Theory]
    [InlineData("a list", "$[*]", "a", """[{"a":1},{"a":"x"},{"a":null},{"a":true},{"a":1.5}]""", "1/'x'/null/true/1.5r")]
    [InlineData("a list under a name", "$['Browser History'][*]", "a", """{"Typed Url":[{"a":0}],"Browser History":[{"a":1},{"a":2}],"Session":[]}""", "1/2")]
    [InlineData("a path without its sign", "['Browser History'][*]", "a", """{"Browser History":[{"a":1}]}""", "1")]
    [InlineData("a name alone", "b[*].c", "a", """{"b":[{"c":{"a":1}}]}""", "1")]
    [InlineData("no such list", "$.nothing[*]", "a", """{"a":[{"a":0}]}""", "")]
    [InlineData("an empty list", "$[*]", "a", "[]", "")]
    [InlineData("every member", "$.*", "a", """{"x":{"a":1},"y":{"a":2}}""", "1/2")]
    [InlineData("a list in every member", "$.*[*]", ".", """{"x":[1,2],"y":[3],"z":4}""", "1/2/3")]
    [InlineData("the document itself", "$", "a.b", """{"a":{"b":7}}""", "7")]
    [InlineData("deep fields", "$[*]", "a.b.c", """[{"a":{"b":{"c":1,"d":2}}},{"a":{"b":3}},{"a":[{"b":4}]}]""", "1/∅/∅")]
    [InlineData("an item of a list", "$[*]", "a[1].b", """[{"a":[0,{"b":5}]}]""", "5")]
    [InlineData("a joined list", "$[*]", "parts[*]", """[{"parts":["a\n","b",{"x":"no"},7,"c\u00e9"]},{"parts":[]},{"parts":[""]}]""", "'a\n\nb\ncé'/∅/''")]
    [InlineData("a structure as it stands", "$[*]", "a", """[{"a":{"b" : [1]}}]""", """{"b" : [1]}""")]
    [InlineData("escapes", "$[*]", "a", "[{\"a\":\"\\u00e9\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\"}]", "'é😀\"\\/\b\f\n\r\t'")]
    [InlineData("half a pair, and NUL", "$[*]", "a", """[{"a":"x\ud83dy\u0000z\udE00"}]""", "'x\uFFFDy\uFFFDz\uFFFD'")]
    [InlineData("an escaped name", "$[*]", "a", """[{"\u0061":1}]""", "1")]
    [InlineData("numbers", "$[*]", ".", "[9223372036854775807,9223372036854775808,-0,1e3]", "9223372036854775807/9.223372036854776E+18r/0/1000r")]
    [InlineData("what is no object", "$[*]", "a", """[1,null,"x",[2]]""", "∅/∅/∅/∅")]
    public void Records_are_found_where_the_path_says(string name, string path, string field, string json, string expected)
    {
        Assert.NotEmpty(name);
        foreach (var text in (string[])[json, "\uFEFF" + json, " \r\n" + json + "\n"])
        {
            foreach (var piece in (int[])[1, 2, 3, 1 << 20])
                Assert.Equal(expected, string.Join('/', Read(text, path, [field], piece: piece)));
        }
    }

    [Fact]
    public void A_message_knows_the_conversation_around_it_even_when_that_is_named_behind_it()
    {
        const string json = """
            [{"title":"A","mapping":{"m1":{"id":"m1","message":{"author":{"role":"user"},"content":{"parts":["hi","you"]}}},
              "m2":{"id":"m2","message":null}},"conversation_id":"c1"},
             {"mapping":{},"conversation_id":"c2"},
             {"mapping":{"m3":{"id":"m3","message":{"content":{"parts":["\u00e9"]}}}},"title":"esc\u0061ped","conversation_id":"c3"}]
            """;
        string[] fields = ["^conversation_id", "^title", "id", "message.author.role", "message.content.parts[*]"];
        foreach (var piece in (int[])[1, 7, 1 << 20])
        {
            Assert.Equal(
                ["'c1'|'A'|'m1'|'user'|'hi\nyou'", "'c1'|'A'|'m2'|∅|∅", "'c3'|'escaped'|'m3'|∅|'é'"],
                Read(json, "$[*].mapping.*", fields, piece: piece));
        }
    }

    [Theory]
    [InlineData("window.YTD.tweets.part0 = [{\"a\":1}]", "1")]
    [InlineData("window.YTD.tweets.part0 = [{\"a\":1}] ;\n", "1")]
    [InlineData("\uFEFF$x_1=[{\"a\":1}];", "1")]
    public void A_script_of_one_assignment_is_read(string script, string expected) =>
        Assert.Equal(expected, string.Join('/', Read(script, "$[*]", ["a"], JsonForm.Assignment)));

    [Theory]
    [InlineData("no assignment", "[1]")]
    [InlineData("a call", "alert(1) = [1]")]
    [InlineData("two names", "var x = [1]")]
    [InlineData("a digit first", "1x = [1]")]
    [InlineData("a dot last", "window. = [1]")]
    [InlineData("code behind", "x = [1]; alert(1)")]
    [InlineData("two semicolons", "x = [1];;")]
    [InlineData("code as value", "x = f([1])")]
    [InlineData("a name without end", "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn = [1]")]
    public void Any_other_script_is_refused(string name, string script) =>
        Assert.Equal((name, "export.json_invalid"), (name, Records.Refused(() => Reader(script, "$[*]", ["."], JsonForm.Assignment), 1).Code));

    [Theory]
    [InlineData("nothing", "", "export.json_invalid")]
    [InlineData("cut in a record", "[{\"a\":1", "export.json_invalid")]
    [InlineData("cut behind a record", "[{\"a\":1},", "export.json_invalid")]
    [InlineData("a comment", "[/* */{\"a\":1}]", "export.json_invalid")]
    [InlineData("a trailing comma", "[{\"a\":1},]", "export.json_invalid")]
    [InlineData("two documents", "[{\"a\":1}] [2]", "export.json_invalid")]
    [InlineData("broken behind the records", "{\"r\":[],\"x\":tru}", "export.json_invalid")]
    [InlineData("a semicolon", "[1];", "export.json_invalid")]
    [InlineData("a name twice in a record", "[{\"a\":1,\"a\":2}]", "export.duplicate_name")]
    [InlineData("a name twice by escape", "[{\"a\":1,\"\\u0061\":2}]", "export.duplicate_name")]
    [InlineData("an unused name twice", "[{\"a\":1,\"b\":1,\"b\":2}]", "export.duplicate_name")]
    [InlineData("letters", "\u5b00\u3100\u5d00", "export.json_invalid")]
    public void What_is_not_strict_JSON_is_refused(string name, string json, string code)
    {
        foreach (var piece in (int[])[1, 3, 1 << 20])
            Assert.Equal((name, code), (name, Records.Refused(() => Reader(json, "$[*]", ["a"], piece: piece), 1).Code));
    }

    [Fact]
    public void A_name_twice_among_very_many_is_found()
    {
        var members = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"k{i}\":{i}"));
        Assert.Single(Read($"[{{{members}}}]", "$[*]", ["k499"]));
        Assert.Equal("export.duplicate_name", Records.Refused(() => Reader($"[{{{members},\"k7\":1}}]", "$[*]", ["k499"]), 1).Code);
    }

    [Fact]
    public void UTF_16_is_told_by_name() =>
        Assert.Equal("export.utf16", Records.Refused(
            () => new JsonRecordReader(new MemoryStream(Encoding.Unicode.GetBytes("\uFEFF[1]")), "f", new RecordSelection("$[*]", ["a"])), 1).Code);

    [Theory]
    [InlineData(new byte[] { 0xC3 }, 1)]
    [InlineData(new byte[] { 0xC3, 0x28 }, 3)]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98 }, 2)]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 1)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80 }, 1)]
    [InlineData(new byte[] { 0xFF, 0xFE }, 1 << 20)]
    public void Bytes_that_are_not_UTF_8_are_refused_wherever_they_stand(byte[] bad, int piece)
    {
        byte[] inside = [.. "[{\"a\":1},{\"b\":\"é😀"u8, .. bad, .. "\"}]"u8];
        var stream = new Records.Pieces(inside, piece);
        Assert.Equal("export.encoding", Records.Refused(() => new JsonRecordReader(stream, "f", new RecordSelection("$[*]", ["a"])), 1).Code);
    }

    [Fact]
    public void Limits_hold_before_memory_is_taken()
    {
        var limits = new SourceLimits { MaxRecordBytes = 200_000, MaxContainerBytes = 300_000, MaxDepth = 20, MaxRecords = 5, MaxMembers = 1000, MaxFileBytes = 10_000_000 };
        (string Head, string Again, string Path, string[] Fields, string Code)[] cases =
        [
            ("[{\"a\":\"", "x", "$[*]", ["a"], "export.record_too_long"),
            ("[{\"a\":[", "1,", "$[*]", ["a"], "export.record_too_long"),
            ("{\"", "x", "$[*]", ["a"], "export.record_too_long"),
            ("[", " ", "$[*]", ["a"], "export.too_large"),
            ("[", "1", "$[*]", ["a"], "export.record_too_long"),
            ("[", "[", "$[*]", ["a"], "export.too_deep"),
            ("", "{\"x\":", "$[*]", ["a"], "export.too_deep"),
            ("[", "1,", "$[*]", ["a"], "export.too_many_rows"),
            ("[{\"m\":{", "\"a\":{},", "$[*].m.*", ["^t", "a"], "export.duplicate_name"),
            ("[{\"m\":[", "{},", "$[*].m[*]", ["^t", "a"], "export.record_too_long"),
        ];
        foreach (var (head, again, path, fields, code) in cases)
        {
            var refusal = Records.Refused(
                () => new JsonRecordReader(new Records.Endless(head, again, 1L << 40), "f", new RecordSelection(path, fields), limits: limits), fields.Length);
            Assert.Equal((head, code), (head, refusal.Code));
        }

        var many = string.Join(',', Enumerable.Range(0, 1100).Select(i => $"\"k{i}\":0"));
        Assert.Equal(
            "export.too_many_names",
            Records.Refused(() => new JsonRecordReader(Bytes($"[{{{many}}}]"), "f", new RecordSelection("$[*]", ["a"]), limits: limits), 1).Code);
    }

    [Fact]
    public void Names_that_were_not_asked_for_are_told()
    {
        using var reader = Reader("""[{"a":1,"b":{"c":2}},{"d":3,"b":1}]""", "$[*]", ["a"]);
        while (reader.Read())
        {
        }

        Assert.Equal(["b", "d"], reader.OtherFields);
    }

    [Fact]
    public void A_long_document_is_read_in_flat_memory()
    {
        Allocated(100);
        Assert.InRange(Allocated(200_000), 0, Allocated(100) + (256 << 10));

        static long Allocated(int records)
        {
            var again = "{\"url\":\"https://example.org/\\u00e9\",\"time_usec\":1700000000000000,\"title\":\"t\",\"x\":[1,{\"y\":2}]},";
            using var stream = new Records.Endless("[", again, 1 + ((long)records * again.Length));
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var reader = new JsonRecordReader(stream, "f", new RecordSelection("$[*]", ["url", "time_usec"]), limits: new SourceLimits { MaxRecords = records });
            for (var i = 0; i < records; i++)
            {
                Assert.True(reader.Read() && reader.TryGet(0, out _));
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Whatever_is_written_is_read_as_JsonDocument_reads_it()
    {
        var text = Gen.Elements("", "a", "é😀", "\"\\\n", "x\u0001y", new string('z', 300));
        var scalar = Gen.OneOf(
            text.Select(t => (JsonNode?)JsonValue.Create(t)), Gen.Choose(-1000, 1000).Select(i => (JsonNode?)JsonValue.Create(i)),
            Gen.Elements<JsonNode?>(null, true, 0.25));
        var record = from a in scalar
                     from b in scalar
                     from list in scalar.ArrayOf()
                     select (JsonNode)new JsonObject { ["a"] = a?.DeepClone(), ["n"] = new JsonObject { ["b"] = b?.DeepClone() }, ["z"] = new JsonArray([.. list.Select(l => l?.DeepClone())]) };
        var documents = from records in record.ListOf()
                        from piece in Gen.Choose(1, 50)
                        select (new JsonArray([.. records.Select(r => r.DeepClone())]).ToJsonString(), piece);
        Prop.ForAll(documents.ToArbitrary(), d =>
        {
            using var document = JsonDocument.Parse(d.Item1);
            var expected = document.RootElement.EnumerateArray().Select(r =>
                $"{Show(r.GetProperty("a"))}|{Show(r.GetProperty("n").GetProperty("b"))}|{r.GetProperty("z").GetRawText()}");
            return Read(d.Item1, "$[*]", ["a", "n.b", "z"], piece: d.piece).SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_change_of_bytes_lets_anything_but_a_refusal_out()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"Browser History":[{"a":"\u00e9\ud83d\ude00","n":{"b":[1,2.5e3,true,null]}},{"a":"x","l":["p","q"]}],"Typed":{}}""");
        var changes = from at in Gen.Choose(0, bytes.Length - 1)
                      from value in Gen.Choose(0, 255)
                      from piece in Gen.Choose(1, 64)
                      select (at, value, piece);
        Prop.ForAll(changes.ToArbitrary(), c =>
        {
            var changed = bytes.ToArray();
            changed[c.at] = (byte)c.value;
            try
            {
                Records.All(new JsonRecordReader(new Records.Pieces(changed, c.piece), "f", new RecordSelection("$['Browser History'][*]", ["a", "n.b", "l[*]"])), 3);
            }
            catch (Commonhold.Exports.ExportRefusedException)
            {
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Theory]
    [InlineData("$[")]
    [InlineData("$['a'")]
    [InlineData("$..a")]
    [InlineData("$[-1]")]
    [InlineData("$.a[b]")]
    public void A_path_that_is_none_is_the_callers_fault(string path) =>
        Assert.Throws<ArgumentException>(() => Reader("[]", path, ["a"]));

    private static string Show(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.String => $"'{e.GetString()}'",
        JsonValueKind.Number when e.TryGetInt64(out _) => e.GetRawText(),
        JsonValueKind.Number => e.GetRawText() + "r",
        _ => e.GetRawText(),
    };

    private static List<string> Read(string json, string path, string[] fields, JsonForm form = JsonForm.Plain, int piece = 1 << 20) =>
        Records.All(Reader(json, path, fields, form, piece), fields.Length);

    private static IRecordReader Reader(string json, string path, string[] fields, JsonForm form = JsonForm.Plain, int piece = 1 << 20) =>
        new JsonRecordReader(new Records.Pieces(Encoding.UTF8.GetBytes(json), piece), "f.json", new RecordSelection(path, fields), form);

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
