using System.Security.Cryptography;
using System.Text;
using Commonhold.Ethereum;

namespace Commonhold.Validator.Uniqueness;

/// <summary>The number that stands for an account of a platform: the same for everyone who holds the validators' key, and a
/// riddle to everybody else.</summary>
internal static class AccountNullifier
{
    public const string Reddit = "reddit";

    /// <summary><c>HMAC-SHA256(K, platform ‖ 0x00 ‖ lower(account))</c> (protocol.md, "Nullifier").</summary>
    public static Bytes32 Of(ReadOnlySpan<byte> validatorsKey, string platform, string account) =>
        Bytes32.FromSpan(HMACSHA256.HashData(
            validatorsKey, [.. Encoding.UTF8.GetBytes(platform), 0, .. Encoding.UTF8.GetBytes(account.ToLowerInvariant())]));
}
