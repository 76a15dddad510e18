using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Commonhold.Ethereum;

/// <summary>The secret key of one Ethereum account; it signs digests and is wiped when disposed.</summary>
/// <remarks>The 32 bytes live in one pinned buffer, so the garbage collector leaves no copies behind. Signatures are
/// deterministic (RFC 6979) and in the low-s form; recovery refuses the other form (EIP-2).</remarks>
public sealed unsafe class Secp256k1Key : IDisposable
{
    public const int Length = 32;

    private readonly byte[] _secret;
    private bool _disposed;

    private Secp256k1Key(byte[] pinnedSecret)
    {
        _secret = pinnedSecret;
        Span<byte> publicKey = stackalloc byte[64];
        fixed (byte* secret = _secret, key = publicKey)
        {
            if (NativeSecp256k1.PublicKeyCreate(NativeSecp256k1.Context, key, secret) != 1)
                throw new FormatException("Not a secp256k1 secret key: zero, or at least the group order.");
        }

        PublicKey = Serialize(publicKey);
        Address = Address.FromPublicKey(PublicKey.Span);
    }

    ~Secp256k1Key() => CryptographicOperations.ZeroMemory(_secret);

    public Address Address { get; }

    /// <summary>x ‖ y, 64 bytes.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    public static Secp256k1Key Generate()
    {
        byte[] secret = GC.AllocateArray<byte>(Length, pinned: true);
        do
            RandomNumberGenerator.Fill(secret);
        while (!IsValid(secret));
        return new Secp256k1Key(secret);
    }

    /// <summary>Takes a copy of the secret; the caller wipes the original.</summary>
    /// <exception cref="FormatException">Not 32 bytes between 1 and the group order.</exception>
    public static Secp256k1Key FromBytes(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Length || !IsValid(secret))
            throw new FormatException("Not a secp256k1 secret key: 32 bytes between 1 and the group order.");

        byte[] pinned = GC.AllocateArray<byte>(Length, pinned: true);
        secret.CopyTo(pinned);
        return new Secp256k1Key(pinned);
    }

    /// <summary>Parses 64 hexadecimal digits, with or without <c>0x</c>.</summary>
    /// <exception cref="FormatException">The text is not a secret key; the message does not repeat it.</exception>
    public static Secp256k1Key Parse(ReadOnlySpan<char> hex)
    {
        Span<byte> secret = stackalloc byte[Length];
        try
        {
            ReadOnlySpan<char> digits = hex.StartsWith("0x", StringComparison.Ordinal) ? hex[2..] : hex;
            return digits.Length == Length * 2
                && Convert.FromHexString(digits, secret, out _, out _) == System.Buffers.OperationStatus.Done
                ? FromBytes(secret)
                : throw new FormatException("Not a secret key: 64 hexadecimal digits.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>For sealing the key into a file; the caller wipes the copy.</summary>
    public void CopySecretTo(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _secret.CopyTo(destination);
    }

    public Signature Sign(Bytes32 digest)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Span<byte> signature = stackalloc byte[65];
        Span<byte> compact = stackalloc byte[64];
        int recoveryId;
        fixed (byte* secret = _secret, raw = signature, output = compact, message = digest.AsSpan())
        {
            nint context = NativeSecp256k1.Context;
            // Ids 2 and 3 mean that r overflowed the order: probability 2⁻¹²⁷, and nothing on Ethereum can carry it.
            if (NativeSecp256k1.SignRecoverable(context, raw, message, secret, 0, 0) != 1
                || NativeSecp256k1.SignatureSerialize(context, output, &recoveryId, raw) != 1
                || recoveryId > 1)
                throw new CryptographicException("libsecp256k1 could not sign.");
        }

        // Or the finalizer might wipe the secret while it is in use.
        GC.KeepAlive(this);
        return new Signature(Bytes32.FromSpan(compact[..32]), Bytes32.FromSpan(compact[32..]), (byte)recoveryId);
    }

    /// <summary>Signs as <c>personal_sign</c> does (EIP-191, version 0x45).</summary>
    public Signature SignMessage(ReadOnlySpan<byte> message) => Sign(PersonalMessage.Hash(message));

    /// <summary>The account whose key made the signature over the digest.</summary>
    /// <exception cref="SignatureException">High s, a parity above 1, or no such point.</exception>
    public static Address Recover(Bytes32 digest, Signature signature) =>
        TryRecover(digest, signature, out Address address)
            ? address
            : throw new SignatureException($"No account can be recovered from signature {signature}.");

    public static bool TryRecover(Bytes32 digest, Signature signature, [MaybeNullWhen(false)] out Address address)
    {
        address = default;
        // libsecp256k1 aborts the process on ids out of range, so they must never reach it.
        if (signature.YParity > 1 || !signature.HasLowS)
            return false;

        Span<byte> compact = stackalloc byte[64];
        Span<byte> parsed = stackalloc byte[65];
        Span<byte> publicKey = stackalloc byte[64];
        signature.R.CopyTo(compact);
        signature.S.CopyTo(compact[32..]);
        fixed (byte* input = compact, raw = parsed, key = publicKey, message = digest.AsSpan())
        {
            nint context = NativeSecp256k1.Context;
            if (NativeSecp256k1.SignatureParse(context, raw, input, signature.YParity) != 1
                || NativeSecp256k1.Recover(context, key, raw, message) != 1)
                return false;
        }

        address = Address.FromPublicKey(Serialize(publicKey));
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_secret);
        GC.SuppressFinalize(this);
    }

    private static bool IsValid(ReadOnlySpan<byte> secret)
    {
        fixed (byte* pointer = secret)
            return NativeSecp256k1.SecretKeyVerify(NativeSecp256k1.Context, pointer) == 1;
    }

    private static byte[] Serialize(ReadOnlySpan<byte> publicKey)
    {
        Span<byte> output = stackalloc byte[65];
        nuint length = 65;
        fixed (byte* key = publicKey, destination = output)
            _ = NativeSecp256k1.PublicKeySerialize(NativeSecp256k1.Context, destination, &length, key, NativeSecp256k1.Uncompressed);

        return output[1..].ToArray();
    }
}
