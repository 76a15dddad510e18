using System.Reflection;
using System.Runtime.InteropServices;

namespace Commonhold.Age;

/// <summary>The libsodium functions that Commonhold uses; all results other than 0 are refusals.</summary>
internal static partial class Sodium
{
    private const string Library = "libsodium";

    // Debian's file first; the plain names serve other systems.
    private static readonly string[] Names =
        ["libsodium.so.23", "libsodium.so.26", "libsodium.so", "libsodium.dylib", "libsodium.dll", "libsodium"];

    static Sodium()
    {
        NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, Resolve);
        if (Initialise() < 0) throw new PlatformNotSupportedException("libsodium does not initialise on this machine.");
    }

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Initialise();

    /// <summary>X25519 (RFC 7748 §5); refuses when the result is all zero.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_scalarmult")]
    internal static partial int X25519(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> p);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_base")]
    internal static partial int X25519Base(Span<byte> q, ReadOnlySpan<byte> n);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_ed25519_noclamp")]
    internal static partial int PointMultiply(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> p);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_ed25519_base_noclamp")]
    internal static partial int PointMultiplyBase(Span<byte> q, ReadOnlySpan<byte> n);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_is_valid_point")]
    internal static partial int PointIsValid(ReadOnlySpan<byte> p);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_add")]
    internal static partial int PointAdd(Span<byte> r, ReadOnlySpan<byte> p, ReadOnlySpan<byte> q);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_sub")]
    internal static partial int PointSubtract(Span<byte> r, ReadOnlySpan<byte> p, ReadOnlySpan<byte> q);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_add")]
    internal static partial void ScalarAdd(Span<byte> z, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_sub")]
    internal static partial void ScalarSubtract(Span<byte> z, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_mul")]
    internal static partial void ScalarMultiply(Span<byte> z, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_invert")]
    internal static partial int ScalarInvert(Span<byte> recip, ReadOnlySpan<byte> s);

    /// <summary>Reduces 64 bytes modulo the group order.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_reduce")]
    internal static partial void ScalarReduce(Span<byte> r, ReadOnlySpan<byte> s);

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_scryptsalsa208sha256_ll")]
    internal static partial int Scrypt(
        ReadOnlySpan<byte> password, nuint passwordLength, ReadOnlySpan<byte> salt, nuint saltLength,
        ulong n, uint r, uint p, Span<byte> output, nuint outputLength);

    [LibraryImport(Library, EntryPoint = "crypto_sign_verify_detached")]
    internal static partial int VerifyDetached(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ulong length, ReadOnlySpan<byte> publicKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_detached")]
    internal static partial int SignDetached(Span<byte> signature, out ulong signatureLength, ReadOnlySpan<byte> message, ulong length, ReadOnlySpan<byte> secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_seed_keypair")]
    internal static partial int SignSeedKeyPair(Span<byte> publicKey, Span<byte> secretKey, ReadOnlySpan<byte> seed);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;
        foreach (var candidate in Names)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out var handle)) return handle;
        }

        throw new DllNotFoundException("libsodium is missing. On Debian: apt-get install libsodium23");
    }
}
