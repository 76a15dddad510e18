using System.Text;
using System.Xml.Linq;
using Commonhold.Exports;
using Commonhold.Exports.Sources;
using Commonhold.Exports.Sources.Xml;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Exports.Sources;

public class XmlRecordReaderTests
{
    [Theory]
    [InlineData("empty elements", "<r><a x='1'/><a/><a x=''/></r>", "'1'/∅/''")]
    [InlineData("elements with content", "<r><a x='1'>t<b x='9'/></a><a x='2'></a></r>", "'1'/'2'")]
    [InlineData("other elements", "<r y='0'><b x='9'/><c><a x='9'/></c><a x='1'/></r>", "'1'")]
    [InlineData("the root alone", "<a x='1'/>", "")]
    [InlineData("an element of its own name inside", "<r><a x='1'><a x='2'/></a></r>", "'1'")]
    [InlineData("references", "<r><a x='&lt;&amp;&quot;&#233;&#x1F600;'/></r>", "'<&\"é😀'")]
    [InlineData("comments, instructions, CDATA", "<?xml version='1.0'?><!-- <a x='9'/> --><?p x?><r><!-- x --><![CDATA[<a x='9'/>]]><a x='1'/></r>", "'1'")]
    [InlineData("a declaration of another encoding", "<?xml version='1.0' encoding='utf-16'?><r><a x='é'/></r>", "'é'")]
    [InlineData("line ends in a value", "<r><a x='1\r\n2\t3'/></r>", "'1 2 3'")]
    public void Elements_are_found_where_the_path_says(string name, string xml, string expected)
    {
        Assert.NotEmpty(name);
        foreach (var piece in (int[])[1, 2, 1 << 20])
        {
            Assert.Equal(expected, string.Join('/', Read(xml, "r/a", ["x"], piece)));
            Assert.Equal(expected, string.Join('/', Read("\uFEFF" + xml, "r/a", ["x"], piece)));
        }
    }

    [Fact]
    public void Several_kinds_of_records_are_read_in_one_pass()
    {
        const string xml = "<r><a x='1' s='q'/><b y='2'/><a x='3'/><c/></r>";
        using var reader = new XmlRecordReader(Stream(xml), "f.xml", [new RecordSelection("r/a", ["x"]), new RecordSelection("r/b", ["z", "y"])]);
        Assert.True(reader.Read());
        Assert.Equal((0, "'1'"), (reader.Selection, Value(reader, 0)));
        Assert.Equal(["s"], reader.OtherFields);
        Assert.True(reader.Read());
        Assert.Equal((1, "'2'"), (reader.Selection, Value(reader, 1)));
        Assert.True(reader.Read());
        Assert.Equal((0, 3), (reader.Selection, (int)reader.Number));
        Assert.False(reader.Read());
        Assert.False(reader.Read());
    }

    [Fact]
    public void Metadata_of_a_record_is_read_from_its_children()
    {
        const string xml = """
            <HealthData><Record type="t"><MetadataEntry key="HKTimeZone" value="Europe/Paris"/><MetadataEntry key="HKWasUserEntered" value="1"/>
            <MetadataEntry key="HKWasUserEntered" value="0"/><L><MetadataEntry key="HKTimeZone" value="deeper"/></L></Record><Record type="u"/></HealthData>
            """;
        Assert.Equal(
            ["'t'|'1'|'Europe/Paris'", "'u'|∅|∅"],
            Read(xml, "HealthData/Record", ["type", "MetadataEntry[key='HKWasUserEntered']/value", "MetadataEntry[key='HKTimeZone']/value"]));
    }

    [Fact]
    public void A_DTD_in_the_file_is_passed_over()
    {
        const string dtd = "<!DOCTYPE r [\n<!-- HealthKit Export Version: 14 -->\n<!ELEMENT r (a*)>\n<!ATTLIST a x CDATA #IMPLIED y CDATA 'default'>\n<!ENTITY e 'v'>\n]>";
        Assert.Equal(["'1'|∅"], Read($"<?xml version='1.0' encoding='UTF-8'?>\n{dtd}\n<r><a x='1'/></r>", "r/a", ["x", "y"]));
    }

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("cut", "<r><a x='1'/>")]
    [InlineData("a value that is not closed", "<r><a x='1/></r>")]
    [InlineData("an attribute twice", "<r><a x='1' x='2'/></r>")]
    [InlineData("two roots", "<r/><r/>")]
    [InlineData("text behind the root", "<r/>x")]
    [InlineData("a wrong end", "<r><a></r></a>")]
    [InlineData("an entity of the DTD", "<!DOCTYPE r [<!ENTITY e 'v'>]><r><a x='&e;'/></r>")]
    [InlineData("an entity of the DTD in text", "<!DOCTYPE r [<!ENTITY e 'v'>]><r>&e;</r>")]
    [InlineData("an entity of nowhere", "<r><a x='&e;'/></r>")]
    [InlineData("an external entity", "<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><r>&e;</r>")]
    [InlineData("billion laughs", "<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><r><a x='&c;'/></r>")]
    [InlineData("a character that XML has not", "<r><a x='&#0;'/></r>")]
    [InlineData("a surrogate by number", "<r><a x='&#xD800;'/></r>")]
    [InlineData("a prefix of nowhere", "<r><p:a x='1'/></r>")]
    [InlineData("JSON", "[1]")]
    public void What_is_not_well_formed_is_refused(string name, string xml)
    {
        foreach (var piece in (int[])[1, 1 << 20])
            Assert.Equal((name, "export.xml"), (name, Records.Refused(() => Reader(xml, "r/a", ["x"], piece), 1).Code));
    }

    [Fact]
    public void An_external_DTD_is_not_fetched()
    {
        Assert.Equal(["'1'"], Read("<!DOCTYPE r SYSTEM 'http://127.0.0.1:1/never.dtd'><r><a x='1'/></r>", "r/a", ["x"]));
        Assert.Equal(["'1'"], Read("<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/never.dtd'> %p;]><r><a x='1'/></r>", "r/a", ["x"]));
    }

    [Fact]
    public void Limits_hold_before_memory_is_taken()
    {
        var limits = new SourceLimits { MaxRecordBytes = 100_000, MaxDepth = 20, MaxNames = 100, MaxRecords = 1000, MaxFileBytes = 4_000_000 };
        (string Head, string Again, string Code)[] cases =
        [
            ("<r><a x='", "x", "export.record_too_long"),
            ("<r><a ", "xxx='1' ", "export.record_too_long"),
            ("<r><", "x", "export.record_too_long"),
            ("<r><a x='1'>", "<b/>", "export.record_too_long"),
            ("<!DOCTYPE r [", "<!ENTITY a 'b'>", "export.record_too_long"),
            ("<!-- ", "x", "export.record_too_long"),
            ("<r>", "xxxx ", "export.record_too_long"),
            ("<r>", "<b>", "export.too_deep"),
            ("<r>", "<a/>", "export.too_many_rows"),
            ("<r>", "<b/>", "export.too_large"),
        ];
        foreach (var (head, again, code) in cases)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var refusal = Records.Refused(
                () => new XmlRecordReader(
                    new Records.Endless(head, again, 1L << 40), "f", new RecordSelection("r/a", ["x", "c[k='1']/v"]), limits), 2);
            Assert.Equal((head, code), (head, refusal.Code));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        }

        var many = string.Concat(Enumerable.Range(0, 200).Select(i => $"<n{i}/>"));
        Assert.Equal(
            "export.too_many_names",
            Records.Refused(() => new XmlRecordReader(Stream($"<r>{many}</r>"), "f", new RecordSelection("r/a", ["x"]), limits), 1).Code);
        Assert.Equal(
            "export.too_many_names",
            Records.Refused(() => new XmlRecordReader(Stream($"<r><{new string('n', 2000)}/></r>"), "f", new RecordSelection("r/a", ["x"]), limits), 1).Code);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xFF })]
    public void Bytes_that_are_not_UTF_8_are_refused(byte[] bad)
    {
        byte[] xml = [.. "<r><a x='1'/><a x='"u8, .. bad, .. "'/></r>"u8];
        Assert.Equal("export.encoding", Records.Refused(() => new XmlRecordReader(new MemoryStream(xml), "f", new RecordSelection("r/a", ["x"])), 1).Code);
    }

    [Fact]
    public void UTF_16_is_refused()
    {
        var xml = Encoding.Unicode.GetBytes("\uFEFF<r><a x='1'/></r>");
        Assert.Equal("export.encoding", Records.Refused(() => new XmlRecordReader(new MemoryStream(xml), "f", new RecordSelection("r/a", ["x"])), 1).Code);
    }

    [Fact]
    public void A_long_document_is_read_in_flat_memory()
    {
        Allocated(100);
        Assert.InRange(Allocated(100_000), 0, Allocated(100) + (256 << 10));

        static long Allocated(int records)
        {
            var again = "<Record type=\"HKQuantityTypeIdentifierHeartRate\" unit=\"count/min\" value=\"70.5\"><MetadataEntry key=\"m\" value=\"1\"/></Record>\n";
            using var stream = new Records.Endless("<r>", again, 3 + ((long)records * again.Length));
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var reader = new XmlRecordReader(stream, "f", new RecordSelection("r/Record", ["type", "value", "MetadataEntry[key='m']/value"]));
            for (var i = 0; i < records; i++)
            {
                Assert.True(reader.Read() && reader.TryGet(1, out _));
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Whatever_is_written_is_read()
    {
        var text = Gen.Elements("", "a", "é😀", "\"<&>'", "x y", new string('z', 3000), "]]>");
        var element = from x in text
                      from y in text
                      from children in Gen.Choose(0, 3)
                      select (x, y, children);
        var documents = from elements in element.ListOf()
                        from piece in Gen.Choose(1, 50)
                        select (elements, piece);
        Prop.ForAll(documents.ToArbitrary(), d =>
        {
            var root = new XElement("r", d.elements.Select(e => new XElement(
                "a", new XAttribute("x", e.x), new XAttribute("y", e.y), Enumerable.Range(0, e.children).Select(i => new XElement("m", new XAttribute("k", $"{i}"), new XAttribute("v", e.y + i))))));
            return Read(root.ToString(), "r/a", ["y", "x", "m[k='1']/v"], d.piece)
                .SequenceEqual(d.elements.Select(e => $"'{e.y}'|'{e.x}'|{(e.children > 1 ? $"'{e.y}1'" : "∅")}"));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_change_of_bytes_lets_anything_but_a_refusal_out()
    {
        var bytes = Encoding.UTF8.GetBytes("<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e 'v'><!ATTLIST a x CDATA #IMPLIED>]><r l='é'><a x='1&amp;&#65;'><m k='1' v='2'/></a><!-- c --><a/></r>");
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
                Records.All(new XmlRecordReader(new Records.Pieces(changed, c.piece), "f", new RecordSelection("r/a", ["x", "m[k='1']/v"])), 2);
            }
            catch (ExportRefusedException)
            {
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    private static string Value(XmlRecordReader reader, int field) => reader.TryGet(field, out var value) ? Records.Show(value) : "∅";

    private static List<string> Read(string xml, string path, string[] fields, int piece = 1 << 20) => Records.All(Reader(xml, path, fields, piece), fields.Length);

    private static IRecordReader Reader(string xml, string path, string[] fields, int piece = 1 << 20) =>
        new XmlRecordReader(new Records.Pieces(Encoding.UTF8.GetBytes(xml), piece), "f.xml", new RecordSelection(path, fields));

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
