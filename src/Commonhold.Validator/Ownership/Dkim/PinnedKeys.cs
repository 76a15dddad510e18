using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>A key of a provider, with the time in which it was seen in use and where that is written down.</summary>
/// <param name="Record">The text of the <c>_domainkey</c> record.</param>
/// <param name="FirstSeen">A signature made before this is refused.</param>
/// <param name="LastSeen">A signature made after this is refused.</param>
/// <param name="Source">Where the key and its dates are published.</param>
/// <param name="AcceptWeak">Take it although it has fewer than 2,048 bits.</param>
internal sealed record PinnedKey(
    string Domain, string Selector, string Record, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, string Source, bool AcceptWeak = false)
{
    // Not kept: `with` would copy the key of the old record. Reading one takes microseconds.
    [JsonIgnore]
    public DkimKey Key => DkimKey.Parse(Record);

    public bool IsSeenAt(DateTimeOffset time) => time >= FirstSeen && time <= LastSeen;
}

/// <summary>How one provider says "your data is ready".</summary>
/// <param name="Name">As in a refusal: <c>reddit</c>.</param>
/// <param name="Schema">Of the exports that its message is about: <c>reddit-export-v1</c>.</param>
/// <param name="From">Addresses that it writes from.</param>
/// <param name="Subjects">Subjects of this very message; a provider sends others in which strangers' words stand. May hold {account}.</param>
/// <param name="Account">How the message names the account: text with {account} in it, as <c>u/{account}</c>.</param>
internal sealed record PinnedProvider(
    string Name, string Schema, IReadOnlyList<string> From, IReadOnlyList<string> Subjects, IReadOnlyList<string> Account, IReadOnlyList<PinnedKey> Keys)
{
    public const string Placeholder = "{account}";
}

/// <summary>The keys that e-mail is verified with. DNS is never asked: a verdict must come out the same everywhere and always.</summary>
/// <remarks>Trust: whoever wrote the file. Commonhold ships the file of <see cref="Shipped"/>, with only what is published under the named sources;
/// an operator adds providers, or replaces one, in <c>pinned-keys.json</c> in the validator's state directory. Everything in a file is
/// checked when it is loaded: a key that could never be used must not wait for the day it is needed.</remarks>
internal sealed record PinnedKeys(int Version, IReadOnlyList<PinnedProvider> Providers)
{
    public const string FileName = "pinned-keys.json";
    private const int MaxFileBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    public static PinnedKeys Shipped { get; } = ReadShipped();

    /// <summary>The shipped providers and those of the operator's file, if there is one; of two with one name the operator's counts.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or holds a key that may not be used.</exception>
    public static PinnedKeys Load(string stateDirectory)
    {
        var path = Path.Combine(stateDirectory, FileName);
        if (!File.Exists(path))
            return Shipped;
        if (new FileInfo(path).Length > MaxFileBytes)
            throw new InvalidDataException($"{path} has more than {MaxFileBytes:N0} bytes.");
        var own = Parse(File.ReadAllBytes(path), path);
        return own with { Providers = [.. own.Providers, .. Shipped.Providers.Where(s => own.Providers.All(o => o.Name != s.Name))] };
    }

    public static PinnedKeys Parse(ReadOnlySpan<byte> json, string name)
    {
        PinnedKeys keys;
        try
        {
            keys = JsonSerializer.Deserialize<PinnedKeys>(json, Json) ?? throw new InvalidDataException($"{name} is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{name} cannot be read: {e.Message}", e);
        }

        if (keys.Version != 1)
            throw new InvalidDataException($"{name} is of version {keys.Version}; this program reads version 1.");
        foreach (var provider in keys.Providers)
            Check(provider, name);
        return keys.Providers.DistinctBy(p => p.Name).Count() == keys.Providers.Count
            ? keys
            : throw new InvalidDataException($"{name} names a provider twice.");
    }

    private static void Check(PinnedProvider provider, string name)
    {
        if (provider.From.Count == 0 || provider.Subjects.Count == 0 || provider.Account.Count == 0)
            throw Wrong("needs at least one address, one subject and one pattern of the account");
        if (provider.Account.FirstOrDefault(p => p.Split(PinnedProvider.Placeholder).Length != 2 || p.Trim() == PinnedProvider.Placeholder) is { } pattern)
            throw Wrong($"names the account by '{pattern}', which must hold {PinnedProvider.Placeholder} once and something beside it");
        if (provider.From.FirstOrDefault(f => MailAddress.TryParse(f) is null) is { } address)
            throw Wrong($"writes from {address}, which is no address");
        foreach (var key in provider.Keys)
        {
            try
            {
                if (key.Key.IsWeak && !key.AcceptWeak)
                    throw new FormatException($"an RSA key of {key.Key.Bits} bits needs \"acceptWeak\": true");
                if (key.FirstSeen > key.LastSeen)
                    throw new FormatException("it was last seen before it was first seen");
                if (key.Domain != key.Domain.ToLowerInvariant() || key.Source.Length == 0)
                    throw new FormatException("its domain is not in lower case, or it names no source");
            }
            catch (FormatException e)
            {
                throw Wrong($"has the key {key.Selector} of {key.Domain}, which may not be used: {e.Message}");
            }
        }

        InvalidDataException Wrong(string why) => new($"{name}: {provider.Name} {why}.");
    }

    private static PinnedKeys ReadShipped()
    {
        using var stream = typeof(PinnedKeys).Assembly.GetManifestResourceStream(FileName)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Parse(bytes.ToArray(), FileName);
    }
}
