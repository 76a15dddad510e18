using System.IO.Compression;
using System.Text;
using Commonhold.Validator.Uniqueness.Texts;

namespace Commonhold.Tests.Validator.Uniqueness;

/// <summary>The comments of the real exports, and ways to edit a copy of them.</summary>
internal static class RealTexts
{
    /// <summary>Name, edit, and how many of 40 edited copies must be refused.</summary>
    public static IReadOnlyList<(string Name, Func<IReadOnlyList<string>, IReadOnlyList<string>> Edit, int Least)> Edits { get; } =
    [
        ("unchanged", texts => texts, 40),
        ("upper case, other punctuation and spaces", texts => [.. texts.Select(t => string.Join("  ", t.ToUpperInvariant().Split(' ')) + "!!!")], 40),
        ("Cyrillic look-alikes", texts => [.. texts.Select(t => t.Replace('a', 'а').Replace('e', 'е').Replace('o', 'о'))], 40),
        ("a word added to each", texts => [.. texts.Select(t => t + " indeed")], 40),
        ("one word of each replaced", texts => [.. texts.Select((t, i) => Replace(t, i, 1000))], 36),
        ("one word in ten replaced", texts => [.. texts.Select((t, i) => Replace(t, i, 10))], 32),
        ("half of the rows, among as many made-up ones", texts => [.. texts.SelectMany((t, i) => new[] { i % 2 == 0 ? t : Made(i), Made(i + 1000) })], 36),
        ("hidden behind 300 long made-up rows", texts => [.. texts, .. Enumerable.Range(0, 300).Select(i => Made(i) + Made(i * 31))], 24),
        ("one word in four replaced", texts => [.. texts.Select((t, i) => Replace(t, i, 4))], 0),
    ];

    public static IReadOnlyList<string> Of(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        using var reader = new StreamReader(archive.GetEntry("comments.csv")!.Open());
        List<List<string>> records = [[""]];
        var quoted = false;
        foreach (var c in reader.ReadToEnd())
        {
            var record = records[^1];
            if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
                record.Add("");
            else if (c == '\n' && !quoted)
                records.Add([""]);
            else if (c != '\r')
                record[^1] += c;
        }

        var body = records[0].IndexOf("body");
        return [.. records.Skip(1).Where(r => r.Count > body).Select(r => r[body])];
    }

    public static TextSketch Sketch(byte[] key, IReadOnlyList<string> texts)
    {
        var sampler = new TextSampler(key);
        for (var row = 0; row < texts.Count; row++)
            sampler.Offer((ulong)row, Encoding.UTF8.GetBytes(texts[row]));
        return sampler.ToSketch();
    }

    private static string Replace(string text, int seed, int every)
    {
        var words = text.Split(' ');
        for (var i = seed % Math.Min(every, words.Length); i < words.Length; i += every)
            words[i] = "word" + ((seed * 31) + i);
        return string.Join(' ', words);
    }

    private static string Made(int seed)
    {
        var keys = new FastKeys((ulong)seed);
        return string.Join(' ', Enumerable.Range(0, 14).Select(_ => Convert.ToString((long)(keys.Next() % 100_000), 8)));
    }
}
