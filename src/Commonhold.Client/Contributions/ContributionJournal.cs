using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What a contribution in progress has reached, so that a killed program goes on with the very same ciphertext.</summary>
/// <param name="Ticket">Sealed to the validator: the only form in which the ephemeral secret is ever kept.</param>
/// <param name="Evidence">Sealed to the validator; null when there is none.</param>
internal sealed record JournalEntry(
    int Version,
    Bytes32 CiphertextDigest,
    ulong Size,
    Bytes32 EphemeralShare,
    uint KeyEpoch,
    Address Validator,
    byte[] Ticket,
    byte[]? Evidence = null);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;

/// <summary>The ciphertext and the journal entry of one export, for one member and one dataset.</summary>
/// <remarks>The entry is written after the ciphertext is on disk and replaces in one step, so an entry always has its file.</remarks>
internal sealed class ContributionJournal
{
    private readonly string _stem;

    public ContributionJournal(string directory, Bytes32 sourceDigest, Address owner, CommonholdDomain registry)
    {
        byte[] name = SHA256.HashData([.. sourceDigest.AsSpan(), .. owner.AsSpan(), .. registry.Separator.AsSpan()]);
        _stem = Path.Combine(directory, Convert.ToHexStringLower(name.AsSpan(0, 16)));
    }

    public string CiphertextPath => _stem + ".age";

    private string EntryPath => _stem + ".json";

    /// <summary>Null when there is nothing to go on with.</summary>
    public JournalEntry? Read()
    {
        if (!File.Exists(EntryPath))
            return null;
        try
        {
            JournalEntry? entry = JsonSerializer.Deserialize(File.ReadAllBytes(EntryPath), JournalJson.Default.JournalEntry);
            return entry is { Version: 1 } ? entry : null;
        }
        catch (JsonException)
        {
            // A damaged entry only costs a new encryption.
            return null;
        }
    }

    public void Write(JournalEntry entry) =>
        PrivateFile.Replace(EntryPath, JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry));

    /// <summary>The node has the file and a validator has judged it: the ciphertext is not needed here any more.</summary>
    public void DropCiphertext() => File.Delete(CiphertextPath);

    public void Forget()
    {
        // The first contribution of all finds no directory; a file that is not there is deleted silently, a directory not.
        if (!Directory.Exists(Path.GetDirectoryName(_stem)))
            return;
        File.Delete(EntryPath);
        File.Delete(CiphertextPath);
    }
}
