using System.Security.Cryptography;
using System.Text;
using Commonhold.Ethereum;

namespace Commonhold.Validator.Uniqueness;

/// <summary>The number that stands for an account of a platform: the same for everyone who holds the validators' key, and a
/// riddle to everybody else.</summary>
internal static class AccountNullifier
{
    /// <summary><c>HMAC-SHA256(K, platform ‖ 0x00 ‖ lower(account))</c> (protocol.md, "Nullifier").</summary>
    public static Bytes32 Of(ReadOnlySpan<byte> validatorsKey, string platform, string account) =>
        Bytes32.FromSpan(HMACSHA256.HashData(
            validatorsKey, [.. Encoding.UTF8.GetBytes(platform), 0, .. Encoding.UTF8.GetBytes(account.ToLowerInvariant())]));

    /// <summary><c>HMAC-SHA256(K, schema ‖ 0x00 ‖ owner)</c>, for exports that name no account: the wallet stands for it.</summary>
    public static Bytes32 OfWallet(ReadOnlySpan<byte> validatorsKey, string schema, Address owner) =>
        Bytes32.FromSpan(HMACSHA256.HashData(validatorsKey, [.. Encoding.UTF8.GetBytes(schema), 0, .. owner.AsSpan()]));
}
