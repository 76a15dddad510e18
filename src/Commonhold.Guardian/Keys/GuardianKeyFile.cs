using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Commonhold.Age;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Keys;

/// <summary>A guardian's keys at rest: one age file sealed with a passphrase, mode 0600, replaced atomically.</summary>
internal static class GuardianKeyFile
{
    private const int Version = 1;
    private const int MaxBytes = 1 << 20;

    /// <param name="workFactor">Base-2 logarithm of the scrypt cost. Lower it only for a random passphrase.</param>
    public static async Task SaveAsync(
        string path, GuardianKeys keys, Passphrase passphrase, CancellationToken cancellationToken,
        int workFactor = ScryptRecipient.DefaultWorkFactor)
    {
        ArrayBufferWriter<byte> json = new(MaxBytes / 64);
        byte[] sealedKeys;
        try
        {
            Write(json, keys);
            using ScryptRecipient recipient = new(passphrase.Text, workFactor);
            sealedKeys = AgeFile.Seal(json.WrittenSpan, recipient);
        }
        finally
        {
            json.Clear();
        }

        await DurableFile.WriteAsync(path, sealedKeys, cancellationToken);
    }

    /// <exception cref="GuardianException">Missing, damaged, or sealed with another passphrase.</exception>
    public static async Task<GuardianKeys> OpenAsync(string path, Passphrase passphrase, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw Invalid($"There is no guardian key at {path}.", "Make one: commonhold guardian init");
        if (new FileInfo(path).Length > MaxBytes)
            throw Invalid($"{path} is too large for a guardian's key file.", "Restore it from the guardian's backup.");
        var file = await File.ReadAllBytesAsync(path, cancellationToken);
        try
        {
            using ScryptIdentity identity = new(passphrase.Text, maxWorkFactor: 20);
            using var json = AgeFile.Open(file, identity);
            return Read(json.Span);
        }
        catch (Exception e) when (e is AgeException or JsonException or FormatException or InvalidOperationException)
        {
            throw Invalid($"{path} does not open: {e.Message}", "Is the passphrase right? Otherwise restore the guardian's backup.", e);
        }
    }

    /// <summary>The work factor of an existing file, so that adding a share keeps the owner's choice.</summary>
    public static async Task<int> WorkFactorAsync(string path, CancellationToken cancellationToken)
    {
        var stanza = AgeHeader.Parse(await File.ReadAllBytesAsync(path, cancellationToken)).Stanzas[0];
        // age v1, "scrypt": the arguments are the salt and the work factor.
        return stanza.Type == "scrypt" && stanza.Arguments.Count == 2
            && int.TryParse(stanza.Arguments[1], System.Globalization.CultureInfo.InvariantCulture, out var factor)
            ? factor
            : ScryptRecipient.DefaultWorkFactor;
    }

    private static void Write(IBufferWriter<byte> output, GuardianKeys keys)
    {
        using Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        Span<byte> account = stackalloc byte[Secp256k1Key.Length];
        keys.Account.CopySecretTo(account);
        json.WriteBase64String("account", account);
        CryptographicOperations.ZeroMemory(account);
        json.WriteString("identity", keys.Identity.ExportSecret());
        json.WriteStartArray("shares");
        foreach (var held in keys.Shares)
        {
            json.WriteStartObject();
            json.WriteNumber("chainId", held.ChainId);
            json.WriteString("guardianRegistry", held.GuardianRegistry.ToString());
            json.WriteNumber("epoch", held.Epoch);
            using var share = held.Share.Save();
            json.WriteBase64String("share", share.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static GuardianKeys Read(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (!root.TryGetProperty("version", out var version) || version.GetInt32() != Version)
            throw new FormatException("it is of a version that this program does not read.");

        var account = root.GetProperty("account").GetBytesFromBase64();
        try
        {
            return new GuardianKeys(
                Secp256k1Key.FromBytes(account),
                X25519Identity.Parse(root.GetProperty("identity").GetString()),
                [.. root.GetProperty("shares").EnumerateArray().Select(ReadShare)]);
        }
        catch (KeyNotFoundException e)
        {
            throw new FormatException("a field is missing.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(account);
        }
    }

    private static HeldShare ReadShare(JsonElement held)
    {
        var share = held.GetProperty("share").GetBytesFromBase64();
        try
        {
            return new HeldShare(
                held.GetProperty("chainId").GetUInt64(),
                Address.Parse(held.GetProperty("guardianRegistry").GetString() ?? ""),
                held.GetProperty("epoch").GetUInt32(),
                KeyShare.Load(share));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(share);
        }
    }

    private static GuardianException Invalid(string detail, string hint, Exception? inner = null) =>
        new(ReleaseCodes.KeyFileInvalid, detail, hint, inner);
}
