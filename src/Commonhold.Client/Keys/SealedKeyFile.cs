using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commonhold.Age;

namespace Commonhold.Client;

/// <summary>Named secrets in a JSON object that an age passphrase seals, in a file that only its owner may read.</summary>
/// <remarks>Any <c>age -d</c> opens it. The file appears whole or not at all, and never replaces another. Secrets are held in
/// memory that is wiped; the texts of single secrets exist as strings only as long as their parsers need them.</remarks>
public sealed class SealedKeyFile : IDisposable
{
    /// <summary>Far more than keys need; a longer file is no key file.</summary>
    private const int MaxFileBytes = 64 * 1024;

    private readonly SecretBytes _json;

    private SealedKeyFile(SecretBytes json, string kind) => (_json, Kind) = (json, kind);

    /// <summary>Whose keys they are: <c>member</c>, <c>validator</c>.</summary>
    public string Kind { get; }

    /// <param name="secrets">Names and values; values are plain ASCII without quotes (hexadecimal, bech32).</param>
    /// <param name="workFactor">log₂ of scrypt's N: each step doubles the time that a guess costs.</param>
    /// <exception cref="IOException">The file exists already: a key is never overwritten.</exception>
    public static void Create(
        string path, string kind, IReadOnlyList<(string Name, string Value)> secrets, ReadOnlySpan<char> passphrase,
        int workFactor = ScryptRecipient.DefaultWorkFactor)
    {
        using SecretBytes json = Write(kind, secrets);
        using ScryptRecipient recipient = new(passphrase, workFactor);
        PrivateFile.WriteNew(path, AgeFile.Seal(json.Span, recipient));
    }

    /// <exception cref="CommonholdException"><c>key.missing</c>, <c>key.wrong_passphrase</c>, <c>key.invalid</c>, <c>key.wrong_kind</c>,
    /// <c>key.permissions</c>.</exception>
    public static SealedKeyFile Open(string path, string kind, ReadOnlySpan<char> passphrase)
    {
        byte[] file = PrivateFile.ReadAll(path, MaxFileBytes);
        SecretBytes json;
        try
        {
            using ScryptIdentity identity = new(passphrase);
            json = AgeFile.Open(file, identity);
        }
        catch (AgeException e)
        {
            throw new CommonholdException(new Refusal("key.wrong_passphrase", $"{path} does not open: {e.Message}", "Check the passphrase and the file."), innerException: e);
        }

        SealedKeyFile keys = new(json, kind);
        if (keys.Find("kind") == kind)
            return keys;
        keys.Dispose();
        throw new CommonholdException(new Refusal("key.wrong_kind", $"{path} does not hold the keys of a {kind}."));
    }

    /// <summary>One secret's text.</summary>
    /// <exception cref="CommonholdException"><c>key.invalid</c></exception>
    public string Get(string name) =>
        Find(name) ?? throw new CommonholdException(new Refusal("key.invalid", $"The key file has no '{name}'."));

    public void Dispose() => _json.Dispose();

    private string? Find(string name)
    {
        try
        {
            Utf8JsonReader reader = new(_json.Span);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals(name))
                    return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
        }
        catch (JsonException)
        {
            // Not the exception's text: it could quote the secret.
        }

        return null;
    }

    private static SecretBytes Write(string kind, IReadOnlyList<(string Name, string Value)> secrets)
    {
        foreach ((string name, string value) in secrets)
        {
            if (name.Concat(value).Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
                throw new ArgumentException("Names and values are letters, digits and dashes.", nameof(secrets));
        }

        // Written by hand into one wiped buffer: a JSON writer would grow and copy.
        int length = secrets.Sum(s => s.Name.Length + s.Value.Length + 6) + kind.Length + 32;
        using SecretBytes buffer = new(length);
        int position = Encoding.ASCII.GetBytes($"{{\"version\":1,\"kind\":\"{kind}\"", buffer.Span);
        foreach ((string name, string value) in secrets)
        {
            position += Encoding.ASCII.GetBytes($",\"{name}\":\"", buffer.Span[position..]);
            position += Encoding.ASCII.GetBytes(value, buffer.Span[position..]);
            position += Encoding.ASCII.GetBytes("\"", buffer.Span[position..]);
        }

        position += Encoding.ASCII.GetBytes("}", buffer.Span[position..]);
        return SecretBytes.CopyOf(buffer.Span[..position]);
    }
}
