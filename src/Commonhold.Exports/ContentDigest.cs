using System.Security.Cryptography;
using System.Text;

namespace Commonhold.Exports;

/// <summary>SHA-256 over the names and contents of an export's files: the same however they are zipped and ordered.</summary>
public readonly record struct ContentDigest(string Hex)
{
    /// <summary><c>SHA-256( for each file by name: name ‖ 0x00 ‖ SHA-256(content) )</c>, without <c>checkfile.csv</c>.</summary>
    internal static ContentDigest Of(IEnumerable<(string Name, byte[] Sha256)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, sha256) in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.ASCII.GetBytes(name));
            hash.AppendData([0]);
            hash.AppendData(sha256);
        }

        return new ContentDigest(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    public override string ToString() => Hex;
}
