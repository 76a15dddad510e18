using Commonhold.Exports;
using Commonhold.Exports.Tables;
using Commonhold.Exports.Tables.Samples;

namespace Commonhold.Tests.Exports.Tables;

/// <summary>The laws that hold for every format that is a definition, in every form of its samples.</summary>
public class FormatLawTests
{
    public static TheoryData<string, int> Forms()
    {
        var data = new TheoryData<string, int>();
        foreach (var format in ExportFormats.All.OfType<TableFormat>())
        {
            for (var form = 0; form < ((ArchiveSamples)format.Samples).Forms.Count; form++)
                data.Add(format.Name, form);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_sample_is_recognised_as_its_own_format_and_no_other(string name, int form)
    {
        var sample = new Sample(name, form);
        var found = ExportFormats.RecogniseOne(sample.Open()).OrThrow();
        Assert.Equal((name, form), (found.Format.Name, form));
        Assert.NotEmpty(found.Evidence);
        Assert.Same(found.Format, ExportFormats.RecogniseOne(ExportSource.OpenArchive(new MemoryStream(sample.Clean()))).OrThrow().Format);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Cleaning_and_reading_back_gives_the_same_records(string name, int form)
    {
        var sample = new Sample(name, form);
        var atHome = new Records();
        var original = sample.Format.TryRead(sample.Open(), atHome).OrThrow();
        Assert.Null(original.Refusal);
        Assert.Equal(ExportProfile.Original, original.Profile);
        var records = Packages.RecordsOf(sample.Format, sample.Clean());
        Assert.NotEmpty(records.All);
        Assert.Equal(atHome.Account, records.Account);
        Assert.Equal(atHome.All, records.All);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Cleaning_twice_gives_the_same_bytes_and_cleaning_what_is_clean_changes_nothing(string name, int form)
    {
        var sample = new Sample(name, form);
        var cleaned = sample.Clean();
        Assert.Equal(cleaned, sample.Clean());
        Assert.Equal(cleaned, Packages.Clean(sample.Format, cleaned));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void No_private_value_is_in_the_cleaned_form(string name, int form)
    {
        var sample = new Sample(name, form);
        var files = Packages.Unzip(sample.Clean());

        // Two letters of a country also stand in other words.
        var secrets = sample.Archive.Secrets.Where(s => s.Length > 3).ToList();
        Assert.NotEmpty(secrets);
        foreach (var (file, text) in files)
            Assert.All(secrets, secret => Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{file} has '{secret}'"));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_validator_refuses_the_form_that_the_provider_sends(string name, int form)
    {
        var sample = new Sample(name, form);
        if (!sample.FileName.EndsWith(".zip", StringComparison.Ordinal))
            return;
        var refusal = Packages.ReadStrictly(sample.Format, sample.Bytes).Refusal;
        Assert.Contains(refusal?.Code, (string[])["export.not_cleaned", "export.unknown_file", "export.too_many_entries", "export.nested_archive"]);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Keys_are_short_and_repeat_only_where_the_provider_repeats(string name, int form)
    {
        var records = Packages.RecordsOf(new Sample(name, form).Format, new Sample(name, form).Clean());
        Assert.All(records.All, r => Assert.InRange(r.Key.Length / 2, 1, ExportRecord.MaxKeyBytes));
        Assert.True(records.All.Select(r => (r.Kind, r.Key)).Distinct().Count() > records.All.Count * 0.8);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Two_accounts_share_nothing_that_only_one_can_have(string name, int form)
    {
        var one = Packages.RecordsOf(new Sample(name, form).Format, new Sample(name, form).Clean());
        var other = Packages.RecordsOf(new Sample(name, form).Format, new Sample(name, form, account: 1).Clean());
        var format = new Sample(name, form).Format;
        foreach (var kind in format.Kinds.Where(k => k.Scope != RowScope.Own))
        {
            var shared = Keys(one, kind).Intersect(Keys(other, kind)).Count();
            Assert.InRange(shared, 0, kind.Scope == RowScope.History ? 2 : 0);
        }
    }

    private static IEnumerable<string> Keys(Records records, RecordKind kind) => records.All.Where(r => r.Kind == kind.Name).Select(r => r.Key);

    private sealed class Sample
    {
        public Sample(string name, int form, int account = 0)
        {
            Format = ExportFormats.All.OfType<TableFormat>().Single(f => f.Name == name);
            (FileName, var make) = ((ArchiveSamples)Format.Samples).Forms[form];
            Archive = make(new SampleOptions(7, account, 60));
            using var bytes = new MemoryStream();
            ArchiveSamples.Write(bytes, FileName, Archive);
            Bytes = bytes.ToArray();
        }

        public TableFormat Format { get; }

        public string FileName { get; }

        public Commonhold.Exports.Samples.SampleArchive Archive { get; }

        public byte[] Bytes { get; }

        public ExportSource Open() => ExportSource.Open(new MemoryStream(Bytes), fileName: FileName);

        public byte[] Clean() => Packages.Clean(Format, Bytes, FileName);
    }
}
