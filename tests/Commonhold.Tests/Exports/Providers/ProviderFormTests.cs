using System.IO.Compression;
using System.Text;
using Commonhold.Exports;
using Commonhold.Tests.Exports.Tables;

namespace Commonhold.Tests.Exports.Providers;

/// <summary>What holds for every form of every provider's export.</summary>
public class ProviderFormTests
{
    public static TheoryData<string> Forms => ProviderForms.Names;

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_form_is_recognised_and_by_no_other_format(string name)
    {
        var form = ProviderForms.Named(name);
        var found = ExportFormats.Recognise(ExportSource.Open(new MemoryStream(form.Bytes()), fileName: form.FileName));
        Assert.Equal(form.Schema, Assert.Single(found).Format.Schema);
        Assert.True(found[0].Confidence >= FormatConfidence.Compatible);
        Assert.NotEmpty(found[0].Evidence);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void No_private_string_is_in_the_cleaned_form(string name)
    {
        var form = ProviderForms.Named(name);
        var archive = form.Make(3, 4, 150);
        var cleaned = Packages.Clean(form.Format, form.Bytes(archive), form.FileName);
        var texts = Packages.Unzip(cleaned);
        Assert.NotEmpty(archive.Secrets);
        foreach (var (file, text) in texts)
            Assert.All(archive.Secrets, secret => Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{file} holds '{secret}'"));

        // Nor in a name, nor between the files.
        var bytes = Encoding.Latin1.GetString(cleaned);
        Assert.All(archive.Secrets, secret => Assert.DoesNotContain(secret, bytes, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_file_that_holds_something_private_is_told(string name)
    {
        var form = ProviderForms.Named(name);
        if (form.IsSingle)
            return;
        var archive = form.Make(3, 4, 150);
        var dropped = Packages.Clean(form.Format, form.Bytes(archive), out _).OrThrow().Dropped;
        Assert.All(dropped, d => Assert.NotEmpty(d.Reason));
        var hidden = archive.Files.Where(f => archive.Secrets.Any(s => Encoding.UTF8.GetString(f.Bytes).Contains(s, StringComparison.Ordinal)));
        Assert.All(hidden, f => Assert.Contains(dropped, d => d.File == f.Name || d.File.Contains("files)", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void What_was_cleaned_reads_back_as_it_was(string name)
    {
        var form = ProviderForms.Named(name);
        var seen = new Records();
        var original = form.Format.TryRead(ExportSource.Open(new MemoryStream(form.Bytes()), fileName: form.FileName), seen).OrThrow();
        var cleaned = Packages.Clean(form.Format, form.Bytes(), form.FileName);
        var back = Packages.RecordsOf(form.Format, cleaned);
        Assert.NotEmpty(seen.All);
        Assert.Equal(seen.All, back.All);
        Assert.Equal(seen.Account, back.Account);
        Assert.Equal(ExportProfile.Original, original.Profile);
        Assert.Equal(cleaned, Packages.Clean(form.Format, cleaned));
        Assert.Equal(cleaned, Packages.Clean(form.Format, form.Bytes(), form.FileName));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Parts_may_come_in_any_order(string name)
    {
        var form = ProviderForms.Named(name);
        if (form.IsSingle)
            return;
        var archive = form.Make(7, 0, 120);
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (file, bytes) in archive.Files.Reverse())
            {
                using var entry = zip.CreateEntry(file).Open();
                entry.Write(bytes);
            }
        }

        Assert.Equal(Packages.Clean(form.Format, form.Bytes(archive)), Packages.Clean(form.Format, output.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_cut_of_an_export_is_refused_or_a_whole_smaller_one(string name)
    {
        var form = ProviderForms.Named(name);
        var bytes = form.Bytes(rows: 20);
        for (var length = 0; length < bytes.Length; length += Math.Max(1, bytes.Length / 60))
        {
            var result = Packages.Clean(form.Format, bytes[..length], out _, form.FileName);
            if (!form.IsSingle)
                Assert.NotNull(result.Refusal);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_validator_never_reads_a_providers_own_form(string name)
    {
        var form = ProviderForms.Named(name);
        if (form.IsSingle)
            return;
        var read = Packages.ReadStrictly(form.Format, Packages.Zip([("tables.csv", "a\r\n")]));
        Assert.Equal("export.not_cleaned", read.Refusal?.Code);
        Assert.NotNull(Packages.ReadStrictly(form.Format, form.Bytes()).Refusal);
    }
}
