using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Commonhold.Ethereum;

/// <summary>The calls into bitcoin-core's libsecp256k1 (Debian <c>libsecp256k1-1</c>).</summary>
internal static unsafe partial class NativeSecp256k1
{
    private const string Library = "libsecp256k1.so.1";
    private const uint ContextSignAndVerify = 0x301;
    internal const uint Uncompressed = 2;

    // A context is safe to share between threads as long as nobody randomises it any more.
    private static readonly Lazy<nint> SharedContext = new(CreateContext);

    public static nint Context => SharedContext.Value;

    private static nint CreateContext()
    {
        nint context = ContextCreate(ContextSignAndVerify);
        Span<byte> seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(seed);
        fixed (byte* pointer = seed)
        {
            if (context == 0 || ContextRandomize(context, pointer) != 1)
                throw new InvalidOperationException("libsecp256k1 could not set up its context.");
        }

        CryptographicOperations.ZeroMemory(seed);
        return context;
    }

    [LibraryImport(Library, EntryPoint = "secp256k1_context_create")]
    private static partial nint ContextCreate(uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_randomize")]
    private static partial int ContextRandomize(nint context, byte* seed32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_verify")]
    public static partial int SecretKeyVerify(nint context, byte* secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_create")]
    public static partial int PublicKeyCreate(nint context, byte* publicKey64, byte* secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_serialize")]
    public static partial int PublicKeySerialize(nint context, byte* output, nuint* length, byte* publicKey64, uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_sign_recoverable")]
    public static partial int SignRecoverable(nint context, byte* signature65, byte* digest32, byte* secret32, nint nonce, nint data);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_serialize_compact")]
    public static partial int SignatureSerialize(nint context, byte* output64, int* recoveryId, byte* signature65);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_parse_compact")]
    public static partial int SignatureParse(nint context, byte* signature65, byte* input64, int recoveryId);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recover")]
    public static partial int Recover(nint context, byte* publicKey64, byte* signature65, byte* digest32);
}
