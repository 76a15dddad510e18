using Commonhold.Age;

namespace Commonhold.Cli.Age;

/// <summary>An identity file on disk, in the clear or itself an age file sealed with a passphrase.</summary>
internal static class IdentityFile
{
    private const int MaxBytes = 16 << 20;

    public static async Task<IReadOnlyList<X25519Identity>> ReadAsync(
        string path, AgeRequest request, CliContext context, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await using (var file = AgeInput.Open(path, null))
        {
            var buffer = new byte[64 << 10];
            int read;
            while ((read = await file.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (content.Length + read > MaxBytes) throw new AgeException(AgeErrors.KeyFile, $"{path} is larger than 16 MiB.");
                content.Write(buffer, 0, read);
            }
        }

        var bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
        if (!bytes.Span.StartsWith("age-encryption.org/"u8) && !bytes.Span.StartsWith("-----BEGIN AGE"u8))
            return Parse(bytes);

        using var identity = new ScryptIdentity(
            await PassphrasePrompt.ReadAsync($"passphrase for {path}: ", request.PassphraseFile, context, cancellationToken));
        using var opened = new MemoryStream();
        await AgeFile.DecryptAsync(new MemoryStream(bytes.ToArray()), opened, [identity], cancellationToken: cancellationToken);
        return Parse(opened.GetBuffer().AsMemory(0, (int)opened.Length));
    }

    private static IReadOnlyList<X25519Identity> Parse(ReadOnlyMemory<byte> text)
    {
        using var reader = new StreamReader(new MemoryStream(text.ToArray()));
        return KeyFile.ReadIdentities(reader);
    }
}
