using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>Reads and writes age v1 files (age-encryption.org/v1).</summary>
/// <remarks>Guarantee: what <see cref="DecryptAsync"/> writes was written by someone who held the file key, in this
/// order; a cut, changed or continued file ends in an <see cref="AgeException"/>, so output is complete only when the
/// call returns. Flow: header → file key → 64 KiB chunks in parallel, memory flat; into a stream in their order, from a
/// long file into a file each at its place.</remarks>
public static class AgeFile
{
    /// <summary>Encrypts <paramref name="input"/> to every one of <paramref name="recipients"/>.</summary>
    public static async Task EncryptAsync(
        Stream input, Stream output, IReadOnlyList<IAgeRecipient> recipients, AgeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= AgeOptions.Default;
        using var key = FileKey.Generate();
        var header = HeaderWriter.Write(Wrap(key, recipients), key);
        var nonce = RandomNumberGenerator.GetBytes(PayloadKey.NonceSize);

        await using var armor = options.Armor ? new ArmorWriter(output) : null;
        var target = armor ?? output;
        await target.WriteAsync(header, cancellationToken);
        await target.WriteAsync(nonce, cancellationToken);
        using var payloadKey = new PayloadKey(key, nonce);
        await PayloadPipeline.RunAsync(new InputReader(input), target, payloadKey, opens: false, options.Parallelism, cancellationToken);
        if (armor is not null) await armor.FinishAsync(cancellationToken);
    }

    /// <summary>Decrypts with the first of <paramref name="identities"/> that fits; an armored file is recognised.</summary>
    /// <exception cref="AgeException">The file is refused; <paramref name="output"/> may hold a genuine beginning.</exception>
    public static async Task DecryptAsync(
        Stream input, Stream output, IReadOnlyList<IAgeIdentity> identities, AgeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var reader = await AgeReader.OpenAsync(input, options, cancellationToken);
        await reader.DecryptAsync(output, identities, cancellationToken);
    }

    /// <summary>Encrypts a small message in memory.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> plaintext, params IReadOnlyList<IAgeRecipient> recipients)
    {
        using var key = FileKey.Generate();
        var header = HeaderWriter.Write(Wrap(key, recipients), key);
        return SmallPayload.Seal(header, key, plaintext);
    }

    /// <summary>Decrypts a small message in memory; the caller wipes the result.</summary>
    /// <exception cref="AgeException">Refused, whole.</exception>
    public static SecretBytes Open(ReadOnlySpan<byte> file, params IReadOnlyList<IAgeIdentity> identities)
    {
        var header = AgeHeader.Parse(file);
        using var key = FindKey(header, identities);
        return SmallPayload.Open(file[header.Length..], key);
    }

    /// <summary>The file key, after the header's MAC was checked under it.</summary>
    internal static FileKey FindKey(AgeHeader header, IReadOnlyList<IAgeIdentity> identities)
    {
        foreach (var identity in identities)
        {
            if (identity.Unwrap(header) is not { } key) continue;
            try
            {
                header.Verify(key);
                return key;
            }
            catch
            {
                key.Dispose();
                throw;
            }
        }

        throw new AgeException(
            AgeErrors.NoIdentity, "None of the identities opens this file.",
            "It was encrypted to other recipients, or with a passphrase.");
    }

    private static List<Stanza> Wrap(FileKey key, IReadOnlyList<IAgeRecipient> recipients)
    {
        if (recipients.Count == 0) throw new ArgumentException("A file needs a recipient.", nameof(recipients));
        // age v1, "scrypt": a passphrase must be the only recipient.
        if (recipients.Count > 1 && recipients.Any(r => r is ScryptRecipient))
            throw new AgeException(AgeErrors.Recipient, "A passphrase cannot be combined with other recipients.");
        return [.. recipients.Select(r => r.Wrap(key))];
    }
}
