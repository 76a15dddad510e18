using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.AppleHealth;
using Commonhold.Exports.Samples;
using Commonhold.Exports.Tables;
using Commonhold.Exports.Tables.Samples;
using Commonhold.Tests.Exports.Tables;

namespace Commonhold.Tests.Exports.AppleHealth;

public class AppleHealthTests
{
    private const string Start = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData ANY>\n]>\n<HealthData locale=\"en_US\">\n<ExportDate value=\"2024-06-01 09:00:00 -0700\"/>\n";
    private const string Energy = "<Record type=\"HKQuantityTypeIdentifierActiveEnergyBurned\" sourceName=\"Ann’s Apple Watch\" unit=\"kcal\" creationDate=\"2024-01-02 09:05:00 +0100\" startDate=\"2024-01-02 09:00:00 +0100\" endDate=\"2024-01-02 09:01:00 +0100\" value=\"1.2345\"/>\n";
    private static readonly ExportFormat Format = ExportFormats.ForSchema("apple-health-v1")!;

    [Theory]
    [InlineData(HealthForm.Archive)]
    [InlineData(HealthForm.File)]
    [InlineData(HealthForm.OlderFile)]
    internal void Every_form_is_recognised_and_cleaned_of_what_is_private(HealthForm form)
    {
        var (sample, bytes, name) = Sample(form);
        var found = ExportFormats.RecogniseOne(ExportSource.Open(new MemoryStream(bytes), fileName: name)).OrThrow();
        Assert.Equal(("apple-health", FormatConfidence.Confirmed), (found.Format.Name, found.Confidence));

        var cleaned = Packages.Clean(Format, bytes, name);
        var files = Packages.Unzip(cleaned);
        var all = string.Concat(files.Values);
        Assert.DoesNotContain("secret", all, StringComparison.OrdinalIgnoreCase);
        Assert.All(sample.Secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
        Assert.Equal(["datapackage.json", "days.csv", "measurements.csv", "records.csv", "workouts.csv"], files.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("MenstrualFlow", all, StringComparison.Ordinal);
        Assert.Equal(6, Lines(files["workouts.csv"]).Length);
        Assert.Equal(8, Lines(files["days.csv"]).Length);
        Assert.NotNull(Packages.RecordsOf(Format, cleaned).Account?.ExportedAt);
    }

    [Fact]
    public void A_person_has_the_same_rows_from_the_archive_the_file_and_an_older_phone()
    {
        var expected = Rows(HealthForm.Archive);
        Assert.Equal(expected, Rows(HealthForm.File));
        Assert.Equal(expected, Rows(HealthForm.OlderFile));

        static string Rows(HealthForm form)
        {
            var (_, bytes, name) = Sample(form);
            var files = Packages.Unzip(Packages.Clean(Format, bytes, name));
            return string.Concat(files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value));
        }
    }

    [Fact]
    public void Records_are_in_plain_form()
    {
        var xml = Start + Energy
            + "<Record type=\"HKQuantityTypeIdentifierHeartRate\" sourceName=\"x\" device=\"&lt;&lt;HKDevice: 0x1&gt;, name:Apple Watch, model:Watch&gt;\" unit=\"count/min\" startDate=\"2024-01-02 23:00:00 -0800\" endDate=\"2024-01-02 23:00:00 -0800\" value=\"61\"><MetadataEntry key=\"HKWasUserEntered\" value=\"1\"/></Record>\n"
            + "<Correlation type=\"c\" sourceName=\"x\" startDate=\"a\" endDate=\"b\"><Record type=\"HKQuantityTypeIdentifierHeartRate\" sourceName=\"x\" startDate=\"2024-01-02 23:00:00 -0800\" endDate=\"2024-01-02 23:00:00 -0800\" value=\"62\"/></Correlation>\n"
            + "<Record type=\"HKQuantityTypeIdentifierBasalEnergyBurned\" sourceName=\"Clock App\" unit=\"kcal\" startDate=\"2024-01-02 00:00:00 +0000\" endDate=\"2024-01-03 00:00:00 +0000\" value=\"1500\"/>\n"
            + "<Workout workoutActivityType=\"HKWorkoutActivityTypeYoga\" duration=\"30\" durationUnit=\"min\" sourceName=\"x\" startDate=\"2024-01-02 09:00:00 +0100\" endDate=\"2024-01-02 09:30:00 +0100\"/>\n"
            + "<ActivitySummary dateComponents=\"2024-01-02\" activeEnergyBurned=\"512.4\" activeEnergyBurnedUnit=\"kcal\" appleMoveMinutes=\"31\" appleStandHours=\"9\"/>\n</HealthData>";
        var cleaned = Packages.Clean(Format, Encoding.UTF8.GetBytes(xml), "export.xml");
        var files = Packages.Unzip(cleaned);
        Assert.Equal(["HKQuantityTypeIdentifierActiveEnergyBurned,2024-01-02T08:00:00Z,2024-01-02T08:01:00Z,1.2345,kcal,watch,"], Lines(files["measurements.csv"])[1..]);
        Assert.Equal(["HKQuantityTypeIdentifierHeartRate,2024-01-03T07:00:00Z,2024-01-03T07:00:00Z,61,count/min,watch,true"], Lines(files["records.csv"])[1..]);
        Assert.Equal(["HKWorkoutActivityTypeYoga,2024-01-02T08:00:00Z,2024-01-02T08:30:00Z,30,,,,,other,"], Lines(files["workouts.csv"])[1..]);
        Assert.Equal(["2024-01-02,512.4,kcal,31,,9"], Lines(files["days.csv"])[1..]);
        var records = Packages.RecordsOf(Format, cleaned).All;
        Assert.Equal(0, records.Single(r => r.Kind == "records").Quality);
        Assert.Equal(32, records.Single(r => r.Kind == "measurements").Quality);
        Assert.Equal(new DateTimeOffset(2024, 6, 1, 16, 0, 0, TimeSpan.Zero), Packages.RecordsOf(Format, cleaned).Account!.ExportedAt);
    }

    [Theory]
    [InlineData("an entity", "<Record type=\"&name;\"/>", "export.xml")]
    [InlineData("a date that is none", "<Record type=\"HKQuantityTypeIdentifierActiveEnergyBurned\" value=\"1.234\" sourceName=\"x\" startDate=\"yesterday\" endDate=\"2024-01-02 09:01:00 +0100\"/>", "export.field_invalid")]
    [InlineData("a type that is none", "<Record type=\"=HYPERLINK(x)\" sourceName=\"x\" startDate=\"2024-01-02 09:01:00 +0100\" endDate=\"2024-01-02 09:01:00 +0100\"/>", "export.field_invalid")]
    public void A_broken_export_is_refused(string name, string element, string code) =>
        Assert.Equal((name, code), (name, Packages.Clean(Format, Encoding.UTF8.GetBytes(Start + Energy + element + "</HealthData>"), out _, "export.xml").Refusal?.Code));

    [Fact]
    public void Another_document_is_not_taken_for_an_export()
    {
        var other = Encoding.UTF8.GetBytes("<gpx><trk type=\"x\" startDate=\"1\" endDate=\"2\"/></gpx>");
        Assert.Equal("export.not_recognised", Packages.Clean(Format, other, out _, "export.xml").Refusal?.Code);
    }

    [Theory]
    [InlineData("a device that names its owner", "HKQuantityTypeIdentifierActiveEnergyBurned,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,1.2345,kcal,Ann’s watch,")]
    [InlineData("a rounded value", "HKQuantityTypeIdentifierActiveEnergyBurned,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,1.2,kcal,watch,")]
    [InlineData("another spelling of a time", "HKQuantityTypeIdentifierActiveEnergyBurned,2024-01-01T01:00:00+01:00,2024-01-01T00:00:00Z,1.234,kcal,watch,")]
    public void A_package_made_by_hand_is_held_to_the_form_that_cleaning_gives(string name, string row)
    {
        var cleaned = Packages.Clean(Format, Encoding.UTF8.GetBytes(Start + Energy + "</HealthData>"), "export.xml");
        var forged = Packages.With(cleaned, "measurements.csv", csv => csv + row + "\r\n");
        Assert.Equal((name, "export.field_invalid"), (name, Packages.ReadStrictly(Format, forged).Refusal?.Code));
    }

    [Fact]
    public void An_export_that_is_dated_after_today_is_refused()
    {
        var cleaned = Packages.Clean(Format, Encoding.UTF8.GetBytes(Start + Energy + "</HealthData>"), "export.xml");
        ExportRefusal? Refusal(int year) => Format.TryRead(ExportSource.OpenArchive(
            new MemoryStream(cleaned), ExportLimits.Default with { Now = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) })).OrThrow().Refusal;
        Assert.Equal("export.date_out_of_life", Refusal(2023)?.Code);
        Assert.Null(Refusal(2025));
    }

    [Fact]
    public void The_scope_of_rows_that_many_people_have_alike_is_their_own_account() =>
        Assert.Equal(
            [("measurements", RowScope.History), ("records", RowScope.Own), ("workouts", RowScope.Own), ("days", RowScope.Own)],
            Format.Kinds.Select(k => (k.Name, k.Scope)));

    private static string[] Lines(string csv) => csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    private static (SampleArchive Sample, byte[] Bytes, string Name) Sample(HealthForm form)
    {
        var (name, make) = ((ArchiveSamples)((TableFormat)Format).Samples).Forms[(int)form];
        var sample = make(new SampleOptions(7, 0, 300));
        using var output = new MemoryStream();
        ArchiveSamples.Write(output, name, sample);
        return (sample, output.ToArray(), name);
    }
}
