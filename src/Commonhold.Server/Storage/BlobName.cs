using Commonhold.Ethereum;

namespace Commonhold.Server.Storage;

/// <summary>The name of one stored object: a few short segments of <c>[a-z0-9.-]</c>, so that it is a safe path everywhere.</summary>
internal readonly record struct BlobName
{
    private readonly string? _text;

    private BlobName(string text) => _text = text;

    public override string ToString() => _text ?? throw new InvalidOperationException("An unset blob name has no text.");

    /// <summary>An age file, under its SHA-256 digest.</summary>
    public static BlobName OfCiphertext(Bytes32 digest)
    {
        var hex = Hex(digest);
        return Parse($"blobs/{hex[..2]}/{hex}");
    }

    /// <summary>A journal record that belongs to a digest, e.g. <c>intake/ab/ab12….json</c>.</summary>
    public static BlobName OfRecord(string folder, Bytes32 digest)
    {
        var hex = Hex(digest);
        return Parse($"{folder}/{hex[..2]}/{hex}.json");
    }

    /// <summary>A sealed file that belongs to a digest, e.g. <c>evidence/ab/ab12….age</c>.</summary>
    public static BlobName OfSealed(string folder, Bytes32 digest)
    {
        var hex = Hex(digest);
        return Parse($"{folder}/{hex[..2]}/{hex}.age");
    }

    /// <summary>A manifest goes by number and root: two candidates for one number never overwrite each other.</summary>
    public static BlobName OfManifest(long batchId, Bytes32 root) => Parse($"manifests/{batchId:D8}/{Hex(root)}.json");

    public static BlobName Parse(string text)
    {
        foreach (var segment in text.Split('/'))
        {
            if (segment.Length is 0 or > 100 || segment[0] == '.' || segment.AsSpan().ContainsAnyExcept(Allowed))
                throw new ArgumentException($"'{text}' is not a blob name.", nameof(text));
        }

        return new BlobName(text);
    }

    internal static string Hex(Bytes32 digest) => digest.ToString()[2..];

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");
}
