using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;

namespace Commonhold.Server.Accounts;

/// <summary>Lets an account in: by a message that was written for this node, this chain and now, and that the account signed.</summary>
/// <remarks>Guarantee: a signature opens one session, here, once; taken from another site, another chain or another day it opens none.
/// Trust: the host rule, which lets only this node's own names through. A session decides what pages show; it authorises no act.</remarks>
internal sealed class SignIn(Dao dao, EthereumNode node, SignInNonces nonces, Sessions sessions, TimeProvider time)
{
    /// <summary>How far the person's clock may be off.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(2);

    private const string Again = "Start again on the account page.";

    public SignInChallenge Challenge() => new(nonces.Make(), dao.ChainId, time.GetUtcNow().ToUnixTimeSeconds(), (time.GetUtcNow() + SignInNonces.Lifetime).ToUnixTimeSeconds());

    /// <param name="text">The EIP-4361 message.</param>
    /// <param name="signature">EIP-191, 65 bytes as 0x hex.</param>
    /// <param name="origin">Under which scheme and host the request came.</param>
    public async Task<Result<NewSession>> EnterAsync(string text, string signature, Origin origin, CancellationToken cancellationToken)
    {
        if (!SignInMessage.TryParse(text, out var message))
            return new Refusal("session.message_invalid", "The message is none of EIP-4361.", "Let the page write it: nothing in it may be changed.");
        if (Misdirected(message, origin) is { } misdirected)
            return misdirected;
        if (OutOfTime(message) is { } late)
            return late;
        if (!nonces.IsGood(message.Nonce))
            return new Refusal("session.nonce_unknown", "The message's nonce was not given out here, or more than five minutes ago.", Again);
        if (await ForgedAsync(message, text, signature, cancellationToken) is { } forged)
            return forged;
        return await sessions.OpenAsync(message.Address, message.Nonce, cancellationToken) is { } session
            ? session
            : new Refusal("session.nonce_used", "This signature has opened a session already.", Again);
    }

    private Refusal? Misdirected(SignInMessage message, Origin origin)
    {
        if (!string.Equals(message.Domain, origin.Host, StringComparison.OrdinalIgnoreCase) || (message.Scheme is { } scheme && scheme != origin.Scheme))
            return new Refusal("session.other_domain", $"The message signs in at {message.Domain}; this is {origin.Host}.", "Somebody may have shown you their page in place of this one. " + Again);
        if (message.Uri.Scheme != origin.Scheme || message.Uri.UserInfo.Length > 0 || !string.Equals(message.Uri.Authority, origin.Host, StringComparison.OrdinalIgnoreCase))
            return new Refusal("session.other_domain", $"The message is for {message.Uri.GetLeftPart(UriPartial.Authority)}; this is {origin.Scheme}://{origin.Host}.", Again);
        return message.ChainId == dao.ChainId
            ? null
            : new Refusal("session.other_chain", $"The message is for chain {message.ChainId}; this DAO is on chain {dao.ChainId}.", "Choose that chain in your wallet. " + Again);
    }

    private Refusal? OutOfTime(SignInMessage message)
    {
        var now = time.GetUtcNow();
        if (message.ExpirationTime <= now)
            return new Refusal("session.expired", $"The message ended at {message.ExpirationTime:u}.", Again);
        if (message.NotBefore > now + Leeway || message.IssuedAt > now + Leeway)
            return new Refusal("session.not_yet", "The message is of a time to come.", "Set this device's clock. " + Again);
        return message.IssuedAt < now - SignInNonces.Lifetime - Leeway
            ? new Refusal("session.expired", $"The message was written at {message.IssuedAt:u}; it is good for five minutes.", "If that is not so, set this device's clock. " + Again)
            : null;
    }

    private async Task<Refusal?> ForgedAsync(SignInMessage message, string text, string signature, CancellationToken cancellationToken)
    {
        var digest = PersonalMessage.Hash(System.Text.Encoding.UTF8.GetBytes(text));
        if (Signature.TryParse(signature, out var parsed) && Secp256k1Key.TryRecover(digest, parsed, out var signer) && signer == message.Address)
            return null;
        // Whether a contract would take it (EIP-1271), only its own code could say. An account that has delegated (EIP-7702) still has its key.
        var code = await node.CodeAsync(message.Address, BlockReference.Latest, cancellationToken);
        return code.Length > 0 && !code.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xef, 0x01, 0x00])
            ? new Refusal("session.contract_wallet", $"{message.Address} is a contract. Accounts that are contracts (EIP-1271) cannot sign in yet.", "Use an account with a key of its own.")
            : new Refusal("session.signature_invalid", $"{message.Address} did not sign this message.", Again);
    }
}

/// <summary>What a page writes its message with; its own address and the account it knows itself.</summary>
internal sealed record SignInChallenge(string Nonce, ulong ChainId, long IssuedAt, long ExpiresAt);

/// <param name="Host">With the port, where it is not the scheme's own.</param>
internal readonly record struct Origin(string Scheme, string Host);
