using System.Text.RegularExpressions;
using Commonhold.Exports;
using Commonhold.Exports.Tables;

namespace Commonhold.Tests.Exports.Tables;

/// <summary>Follows docs/formats.md: the format of its page, and a contribution through it.</summary>
public sealed partial class AddingAFormatTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "formats.md"));
    private static readonly TableFormat Format = Packages.Format(Example().Match(Page).Groups[1].Value);

    private static readonly byte[] Export = Packages.Zip(
        ("reading/profile.csv", "reader_id,joined,email\nr-1007,2019-02-03 04:05,someone@example.org\n"),
        ("reading/library_2.csv", "ISBN,Date Read,Date Added,My Rating,My Review,Exclusive Shelf,Publisher,Private Notes,Mood\n"
            + "9780306406157,2024-03-01,2024-01-01T10:00,5,\"Nobody expected the old map to work, and yet\nit did.\",read,Harbour Press,secret-note,glad\n"
            + "9780306406157,,2024-01-02T10:00:00+01:00,9,,read,harbour press,secret-note,glad\n"),
        ("reading/library_1.csv", "ISBN,Date Read,Date Added,My Rating,My Review,Exclusive Shelf,Publisher,Private Notes,Mood\n"
            + " 0306406152 ,2023-12-31T23:30:00-01:00,,,[removed],read,,secret-note,glad\n"
            + "0306406152,,,,,to-read,,secret-note,glad\n"),
        ("reading/friends.csv", "name\nsecret-friend\n"),
        ("reading/notes.txt", "secret-file"));

    [Fact]
    public void The_example_of_the_page_is_a_format()
    {
        Assert.Equal(("reading-log", "reading-log-v1", "Reading log"), (Format.Name, Format.Schema, Format.Title));
        Assert.Equal([new RecordKind("books", 1, 400_000, RowScope.History)], Format.Kinds);
    }

    [Fact]
    public void It_is_recognised_by_what_is_in_its_files()
    {
        var found = Format.Recognise(ExportSource.Open(new MemoryStream(Export)));
        Assert.Equal(FormatConfidence.Confirmed, found?.Confidence);
        Assert.Contains("ISBN, Date Read", found!.Evidence, StringComparison.Ordinal);
        Assert.Null(Format.Recognise(ExportSource.Open(new MemoryStream(Packages.Zip(("library.csv", "Title\nx\n"))))));
    }

    [Fact]
    public void A_contribution_through_it_says_what_its_map_says_and_nothing_else()
    {
        var cleaned = Packages.Clean(Format, Export);
        var files = Packages.Unzip(cleaned);
        Assert.Equal(["books.csv", "datapackage.json"], files.Keys.Order());
        Assert.Equal(
            "isbn,finished,publisher,rating,review\r\n"
            + "0306406152,2024-01-01T00:30:00Z,,,[removed]\r\n"
            + "9780306406157,2024-03-01T00:00:00Z,Harbour Press,5,\"Nobody expected the old map to work, and yet\nit did.\"\r\n"
            + "9780306406157,2024-01-02T09:00:00Z,harbour press,,\r\n",
            files["books.csv"]);
        Assert.DoesNotContain("secret", string.Concat(files.Values), StringComparison.Ordinal);
        Assert.DoesNotContain("someone@", string.Concat(files.Values), StringComparison.Ordinal);
    }

    [Fact]
    public void The_member_is_told_what_stays_behind_and_why()
    {
        var dropped = Packages.Clean(Format, Export, out _).OrThrow().Dropped;
        Assert.Contains(new DroppedItem("reading/library_1.csv", "Private Notes", 2, "never published"), dropped);
        Assert.Contains(new DroppedItem("reading/library_1.csv", "Mood", 2, "not a field we know"), dropped);
        Assert.Contains(new DroppedItem("reading/library_1.csv", null, 1, "not read yet"), dropped);
        Assert.Contains(new DroppedItem("reading/profile.csv", "email", 1, "says who you are elsewhere"), dropped);
        Assert.Contains(new DroppedItem("reading/friends.csv", null, 0, "names other people"), dropped);
        Assert.Contains(new DroppedItem("reading/notes.txt", null, 0, "not a file we know"), dropped);
    }

    [Fact]
    public void A_validator_sees_keys_places_times_and_qualities()
    {
        var records = Packages.RecordsOf(Format, Packages.Clean(Format, Export));
        Assert.Equal(new ExportAccount("reading-log", "r-1007", new DateTimeOffset(2019, 2, 3, 4, 5, 0, TimeSpan.Zero), null), records.Account);
        Assert.Equal(3, records.All.Select(r => r.Key).Distinct().Count());
        Assert.Equal(["", "harbour press", "harbour press"], records.All.Select(r => r.Place));
        Assert.Equal([0, 1, 1], records.All.Select(r => r.PlaceId));
        Assert.Equal(0, records.All[0].Quality);
        Assert.InRange(records.All[1].Quality, 100, 254);
        Assert.Equal(64, records.All[2].Quality);
        Assert.Equal(new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.Zero), records.All[1].Time);
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
