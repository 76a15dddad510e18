using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Commonhold.Age;

namespace Commonhold.Tests.Age;

/// <summary>One vector of the C2SP test kit: a text header, an empty line, the file.</summary>
internal sealed record AgeVector(string Name, ILookup<string, string> Fields, byte[] File)
{
    internal string Expect => Fields["expect"].Single();

    internal bool IsArmored => Fields["armored"].Contains("yes");

    /// <summary>Post-quantum hybrid recipients are a later step (design.md §3); nothing else is left out.</summary>
    internal bool IsInScope => !Fields["identity"].Any(i => i.StartsWith("AGE-SECRET-KEY-PQ-1", StringComparison.Ordinal));

    internal IAgeIdentity[] Identities() =>
    [
        .. Fields["identity"].Select(text => X25519Identity.Parse(text)),
        .. Fields["passphrase"].Select(text => new ScryptIdentity(text)),
    ];
}

/// <summary>Reads the vectors out of the npm package <c>cctv-age</c>, a bundle of named base64 strings.</summary>
internal static partial class AgeKit
{
    internal static IReadOnlyDictionary<string, AgeVector> Vectors { get; } = Load();

    private static Dictionary<string, AgeVector> Load()
    {
        var bundle = Path.Combine(Repository.Root, "tests/age-kit/node_modules/cctv-age/index.js");
        if (!File.Exists(bundle)) throw new FileNotFoundException("The age test kit is missing. Run: npm ci --prefix tests/age-kit", bundle);
        return Entry().Matches(File.ReadAllText(bundle))
            .Select(match => Parse(match.Groups["name"].Value, Convert.FromBase64String(match.Groups["data"].Value)))
            .ToDictionary(vector => vector.Name);
    }

    private static AgeVector Parse(string name, byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\n\n"u8);
        var fields = Encoding.UTF8.GetString(bytes.AsSpan(0, end)).Split('\n')
            .Select(line => line.Split(": ", 2)).ToLookup(pair => pair[0], pair => pair[1]);
        var file = bytes[(end + 2)..];
        if (!fields["compressed"].Contains("zlib")) return new AgeVector(name, fields, file);

        using var inflated = new MemoryStream();
        using var deflated = new ZLibStream(new MemoryStream(file), CompressionMode.Decompress);
        deflated.CopyTo(inflated);
        return new AgeVector(name, fields, inflated.ToArray());
    }

    [GeneratedRegex("""^// .*/testdata/(?<name>\w+)\nvar \w+ = __toBinary\("(?<data>[^"]*)"\);$""", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
