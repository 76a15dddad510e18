using Commonhold.Exports;

namespace Commonhold.Tests.Exports;

/// <summary>What a catalogue says of a format is what its cleaning does.</summary>
public sealed class DescriptionTests
{
    public static TheoryData<string> Schemas => [.. ExportFormats.All.Select(f => f.Schema)];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void The_described_columns_are_those_of_a_cleaned_export_and_of_its_samples(string schema)
    {
        var format = ExportFormats.ForSchema(schema)!;
        var tables = format.Describe().Tables.ToDictionary(t => t.Name);
        var samples = format.SampleTables(new SampleOptions(1, 0, 40), 5);
        Assert.NotEmpty(samples);
        Assert.All(samples, sample =>
        {
            Assert.Equal(tables[sample.Table].Columns.Select(c => c.Name), sample.Columns);
            Assert.InRange(sample.Rows.Count, 1, 5);
            Assert.All(sample.Rows, row => Assert.Equal(sample.Columns.Count, row.Count));
        });
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void What_is_kept_back_is_no_column_of_the_same_file_and_has_its_reason(string schema)
    {
        var description = ExportFormats.ForSchema(schema)!.Describe();
        Assert.NotEmpty(description.KeptBack);
        Assert.All(description.KeptBack, kept =>
        {
            Assert.NotEmpty(kept.Because);
            Assert.DoesNotContain(description.Tables, t => t.FileName == kept.File && (kept.Columns.Count == 0 || t.Columns.Any(c => kept.Columns.Contains(c.Name))));
        });
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Samples_are_the_same_each_time(string schema)
    {
        var format = ExportFormats.ForSchema(schema)!;
        string Sample() => string.Join('\n', format.SampleTables(new SampleOptions(1, 0, 40), 3).SelectMany(t => t.Rows.Select(r => string.Join('|', r))));
        Assert.Equal(Sample(), Sample());
    }
}
