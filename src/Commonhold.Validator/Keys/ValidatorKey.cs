using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Validator;

/// <summary>What a validator holds: an account that signs verdicts, an identity that opens tickets, and the key that all
/// validators of a dataset share to turn accounts into nullifiers.</summary>
internal sealed class ValidatorKey : IDisposable
{
    private const string Kind = "validator";
    private const int NullifierKeyLength = 32;

    private readonly SecretBytes _nullifierKey;

    private ValidatorKey(Secp256k1Key account, X25519Identity identity, SecretBytes nullifierKey)
    {
        Account = account;
        Identity = identity;
        _nullifierKey = nullifierKey;
    }

    public Secp256k1Key Account { get; }

    public X25519Identity Identity { get; }

    public Address Address => Account.Address;

    public ReadOnlyMemory<byte> NullifierKey => _nullifierKey.Memory;

    /// <param name="nullifierKey">Hexadecimal, from another validator of the same dataset; null makes a new one, for its first.</param>
    /// <exception cref="FormatException">Not 0x and 64 digits.</exception>
    public static ValidatorKey Generate(string? nullifierKey = null)
    {
        SecretBytes shared = SecretBytes.Random(NullifierKeyLength);
        if (nullifierKey is not null)
            ReadNullifierKey(nullifierKey, shared);
        return new ValidatorKey(Secp256k1Key.Generate(), X25519Identity.Generate(), shared);
    }

    public static ValidatorKey Load(string path, ReadOnlySpan<char> passphrase)
    {
        using SealedKeyFile file = SealedKeyFile.Open(path, Kind, passphrase);
        SecretBytes shared = new(NullifierKeyLength);
        try
        {
            ReadNullifierKey(file.Get("nullifierKey"), shared);
        }
        catch (FormatException e)
        {
            throw new CommonholdException(new Refusal("key.invalid", $"{path} has no valid nullifier key."), innerException: e);
        }

        return new ValidatorKey(file.GetAccount("account"), file.GetIdentity("identity"), shared);
    }

    public void Save(string path, ReadOnlySpan<char> passphrase, int workFactor = ScryptRecipient.DefaultWorkFactor) =>
        SealedKeyFile.Create(
            path,
            Kind,
            [("account", Account.ToSecretText()), ("identity", Identity.ExportSecret()), ("nullifierKey", ExportNullifierKey())],
            passphrase,
            workFactor);

    /// <summary>For the other validators of the dataset, and for nobody else.</summary>
    public string ExportNullifierKey() => Hex.Encode(_nullifierKey.Span);

    public void Dispose()
    {
        Account.Dispose();
        Identity.Dispose();
        _nullifierKey.Dispose();
    }

    private static void ReadNullifierKey(string text, SecretBytes destination)
    {
        byte[] bytes = Hex.Decode(text);
        try
        {
            if (bytes.Length != NullifierKeyLength)
                throw new FormatException($"A nullifier key has {NullifierKeyLength} bytes.");
            bytes.CopyTo(destination.Span);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
