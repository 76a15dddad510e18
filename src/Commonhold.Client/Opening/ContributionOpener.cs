using Commonhold.Age;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>Fetches one contribution and writes its plaintext: the bytes whose digest was proved are the bytes decrypted.</summary>
internal sealed class ContributionOpener(INodeClient node, OpenOptions options)
{
    /// <summary>One worker a file: parallelism comes from many files.</summary>
    private static readonly AgeOptions Single = new() { Parallelism = 1 };

    /// <returns>Digest and length of the plaintext.</returns>
    /// <exception cref="AgeException"><c>age.wrong_answer</c> when a guardian's answer is wrong; others when the file is.</exception>
    /// <exception cref="CommonholdException">The blob cannot be had.</exception>
    public async Task<(Bytes32 Digest, long Bytes)> OpenAsync(Leaf leaf, IAgeIdentity identity, string path, CancellationToken cancellationToken)
    {
        bool isSmall = leaf.Size <= (ulong)options.MemoryLimit;
        string fetched = path + ".age.part";
        await using Stream ciphertext = isSmall ? new MemoryStream((int)leaf.Size) : Temporary(fetched);
        await node.DownloadBlobAsync(leaf.CiphertextDigest, ciphertext, (long)Math.Min(leaf.Size, long.MaxValue), cancellationToken).ConfigureAwait(false);
        ciphertext.Position = 0;

        string part = path + ".part";
        (Bytes32, long) result;
        await using (FileStream output = new(part, FileMode.Create, FileAccess.Write, FileShare.None, 64 * 1024))
        {
            await using HashingStream hashing = new(output);
            await AgeFile.DecryptAsync(ciphertext, hashing, [identity], isSmall ? Single : null, cancellationToken).ConfigureAwait(false);
            await hashing.FlushAsync(cancellationToken).ConfigureAwait(false);
            result = (hashing.Finish(), output.Length);
        }

        File.Move(part, path, overwrite: true);
        return result;
    }

    private static FileStream Temporary(string path) =>
        new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
}
