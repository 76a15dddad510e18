using System.Runtime.InteropServices;

namespace Commonhold.Benchmarks;

/// <summary>The bare multiplication that both a guardian's answer and a grantee's combination come down to: the limit beside which they are measured.</summary>
internal static partial class Libsodium
{
    [LibraryImport("libsodium.so.23", EntryPoint = "crypto_scalarmult_ed25519_noclamp")]
    internal static partial int Multiply(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> p);
}
