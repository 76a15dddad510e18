using Commonhold.Age;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What a member, a buyer or an operator holds: an account that signs, and an age identity that reads.</summary>
public sealed class MemberKey : IDisposable
{
    private const string Kind = "member";

    private MemberKey(Secp256k1Key account, X25519Identity identity)
    {
        Account = account;
        Identity = identity;
    }

    /// <summary>Signs contributions, votes, transactions.</summary>
    public Secp256k1Key Account { get; }

    /// <summary>Opens the member's own files, and what grants release to it.</summary>
    public X25519Identity Identity { get; }

    public Address Address => Account.Address;

    public X25519Recipient Recipient => Identity.Recipient;

    public static MemberKey Generate() => new(Secp256k1Key.Generate(), X25519Identity.Generate());

    /// <summary>Takes over both; disposing this disposes them.</summary>
    public static MemberKey From(Secp256k1Key account, X25519Identity identity) => new(account, identity);

    /// <summary>Writes the keys to a new file with owner-only permissions, sealed with the passphrase.</summary>
    /// <exception cref="IOException">The file exists already.</exception>
    public void Save(string path, ReadOnlySpan<char> passphrase, int workFactor = ScryptRecipient.DefaultWorkFactor) =>
        SealedKeyFile.Create(path, Kind, [("account", Account.ToSecretText()), ("identity", Identity.ExportSecret())], passphrase, workFactor);

    /// <exception cref="CommonholdException">With a code under <c>key.</c></exception>
    public static MemberKey Load(string path, ReadOnlySpan<char> passphrase)
    {
        using SealedKeyFile file = SealedKeyFile.Open(path, Kind, passphrase);
        return new MemberKey(file.GetAccount("account"), file.GetIdentity("identity"));
    }

    public void Dispose()
    {
        Account.Dispose();
        Identity.Dispose();
    }
}

/// <summary>Keys as they stand in key files.</summary>
public static class KeyText
{
    /// <summary>The secret as hexadecimal. It is the secret: write it only where secrets are kept.</summary>
    public static string ToSecretText(this Secp256k1Key key)
    {
        using SecretBytes secret = new(Secp256k1Key.Length);
        key.CopySecretTo(secret.Span);
        return Hex.Encode(secret.Span);
    }

    public static Secp256k1Key GetAccount(this SealedKeyFile file, string name)
    {
        try
        {
            return Secp256k1Key.Parse(file.Get(name));
        }
        catch (FormatException e)
        {
            throw new CommonholdException(new Refusal("key.invalid", $"The key file's '{name}' is not a secp256k1 key."), innerException: e);
        }
    }

    public static X25519Identity GetIdentity(this SealedKeyFile file, string name) =>
        X25519Identity.TryParse(file.Get(name))
        ?? throw new CommonholdException(new Refusal("key.invalid", $"The key file's '{name}' is not an age identity."));
}
