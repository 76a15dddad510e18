using System.Security.Cryptography;
using System.Text;

namespace Commonhold.Guardians.Keys;

/// <summary>What unseals a key file. Wiped when disposed; never an argument of a command.</summary>
internal sealed class Passphrase : IDisposable
{
    private const int MaxBytes = 4096;
    private readonly char[] _text;

    private Passphrase(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            throw new GuardianException(
                ReleaseCodes.KeyFileInvalid, "The passphrase is empty.", "A key file is sealed with a passphrase of your own.");
        _text = GC.AllocateArray<char>(text.Length, pinned: true);
        text.CopyTo(_text);
    }

    public ReadOnlySpan<char> Text => _text;

    public static Passphrase Of(ReadOnlySpan<char> text) => new(text);

    /// <summary>The first line of a file.</summary>
    public static async Task<Passphrase> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new GuardianException(ReleaseCodes.KeyFileInvalid, $"{path} is too long for a passphrase.", "Its first line is the passphrase.");
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        var chars = Encoding.UTF8.GetChars(bytes);
        try
        {
            var line = chars.AsSpan();
            var end = line.IndexOfAny('\r', '\n');
            return new Passphrase(end < 0 ? line : line[..end]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            chars.AsSpan().Clear();
        }
    }

    public void Dispose() => _text.AsSpan().Clear();
}
