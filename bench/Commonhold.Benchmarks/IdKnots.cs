using System.Globalization;
using System.IO.Compression;
using Commonhold.Validator.Uniqueness.IdTime;

namespace Commonhold.Benchmarks;

/// <summary>`commonhold-bench id-knots DIR`: prints the knots that are fitted on the comments of the exports in a folder.</summary>
internal static class IdKnots
{
    public const string Verb = "id-knots";

    public static int Print(string folder)
    {
        Console.WriteLine("id,unix_seconds");
        foreach (var knot in IdTimeFit.Knots([.. Directory.GetFiles(folder, "*.zip").SelectMany(Comments)]))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{knot.Id},{knot.UnixSeconds}"));
        return 0;
    }

    /// <summary>Ids and times of the comments in one export; the first and third columns of every header of that file.</summary>
    public static IReadOnlyList<IdSample> Comments(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        using var reader = new StreamReader(archive.GetEntry("comment_headers.csv")!.Open());
        var samples = new List<IdSample>();
        _ = reader.ReadLine();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var columns = line.Split(',');
            samples.Add(new IdSample(
                IdSeries.RedditComments,
                columns[0].Aggregate(0UL, (id, digit) => (id * 36) + (ulong)"0123456789abcdefghijklmnopqrstuvwxyz".IndexOf(digit, StringComparison.Ordinal)),
                DateTimeOffset.ParseExact(columns[2], "yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds()));
        }

        return samples;
    }
}
