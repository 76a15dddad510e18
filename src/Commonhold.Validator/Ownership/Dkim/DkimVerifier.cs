using System.Buffers;
using System.Security.Cryptography;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>A message that one of its provider's pinned keys vouches for, whole.</summary>
/// <param name="Bits">Of the key.</param>
/// <param name="Digest">The same for the same message, whichever of its signatures is shown: what a replay is known by.</param>
internal sealed record VerifiedMail(
    MailMessage Message, DkimSignature Signature, int Bits, DateTimeOffset SignedAt, MailAddress From, MailAddress To, string Subject, Bytes32 Digest);

/// <summary>Verifies a provider's e-mail: DKIM (RFC 6376, RFC 8301, RFC 8463) with pinned keys, and nothing left unsigned that matters.</summary>
/// <remarks>
/// Guarantee: From, To, Subject, Date, every header that says how the body is read, and the whole body are as the owner of a pinned key
/// signed them, at a time when that key was in use. Stricter than mail servers are: a signature over a part of the body, a second From,
/// a header of a signed name that is not signed itself, RSA with SHA-1 and small keys are refused, because here a forgery pays.
/// Trust: the keys that the dataset's policy pins, by vote. DNS is never asked: a verdict must come out the same everywhere and always. Work: linear in the message, and at most <see cref="MaxSignatures"/> signatures.
/// </remarks>
internal static class DkimVerifier
{
    public const int MaxSignatures = 8;
    public static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(15);

    private const string Hint = "Pass the message as the provider sent it, saved from your own mailbox.";
    private const string KeyHint = "Keys are in the dataset's policy and change by vote; docs/ownership.md says how to propose one.";

    /// <summary>Must be in <c>h=</c>: without them a message could be sent on to somebody else, or about something else.</summary>
    private static readonly string[] Required = ["from", "to", "subject", "date"];

    /// <summary>At most one of each (RFC 5322 §3.6, RFC 2045); those that are there decide how the message is read, so they must be signed.</summary>
    private static readonly string[] Reading = ["content-type", "content-transfer-encoding", "mime-version"];

    private static readonly string[] Single = [.. Required, .. Reading, "sender", "reply-to", "cc", "bcc", "message-id"];

    /// <summary>Relays put these on top of what was signed.</summary>
    private static readonly string[] Trace = ["received", "return-path", "authentication-results", "delivered-to", "x-received"];

    public static Result<VerifiedMail> Verify(ReadOnlyMemory<byte> message, EmailSource source, DateTimeOffset now)
    {
        try
        {
            return Verify(MailMessage.Parse(message), source, now);
        }
        catch (MailRefusedException e)
        {
            return e.Refusal;
        }
    }

    private static VerifiedMail Verify(MailMessage message, EmailSource source, DateTimeOffset now)
    {
        foreach (var name in Single)
        {
            if (message.Fields.Count(f => f.Is(name)) > 1)
                throw new MailRefusedException("email.duplicate_header", $"The message has more than one {name} header.", Hint);
        }

        var from = Address(message.Single("From"));
        var to = Address(message.Single("To"));
        var subject = EncodedWords.Decode(message.Single("Subject").Text);
        var date = MailDate.TryParse(message.Single("Date").Text) ?? throw MailMessage.Malformed("its Date is no date");
        if (!source.Senders.Contains(from.ToString(), StringComparer.OrdinalIgnoreCase))
            throw new MailRefusedException("email.domain", $"The message is from {from}, which is none of {source.Platform}'s addresses.", Hint);

        var signatures = message.Fields.Where(f => f.Is("DKIM-Signature")).ToList();
        if (signatures.Count > MaxSignatures)
            throw new MailRefusedException("email.too_many_signatures", $"The message has {signatures.Count} DKIM signatures; {MaxSignatures} are looked at.", Hint);

        // Others may have signed too, a relay for instance; one good signature of the provider is enough, and its refusal is the one to tell.
        MailRefusedException? first = null;
        var bodies = new Dictionary<Canonicalisation, byte[]>();
        foreach (var field in signatures)
        {
            DkimSignature? signature = null;
            try
            {
                signature = DkimSignature.Parse(field);
                var (bits, time) = Verify(message, signature, source, from, date, now, bodies);
                return new VerifiedMail(message, signature, bits, time, from, to, subject, DigestOf(message));
            }
            catch (MailRefusedException e)
            {
                if (first is null || (first.Refusal.Code == "email.domain" && e.Refusal.Code != "email.domain"))
                    first = e;
            }
        }

        throw first ?? new MailRefusedException("email.not_signed", "The message has no DKIM signature.", Hint);
    }

    private static (int Bits, DateTimeOffset Time) Verify(
        MailMessage message, DkimSignature signature, EmailSource source, MailAddress from, DateTimeOffset date, DateTimeOffset now,
        Dictionary<Canonicalisation, byte[]> bodies)
    {
        if (!string.Equals(signature.Domain, source.Domain, StringComparison.OrdinalIgnoreCase) || !IsWithin(from.Domain, signature.Domain))
            throw new MailRefusedException("email.domain", $"{signature.Domain} signed, which does not speak for {from.Domain} here.", Hint);
        CheckHeaders(message, signature);
        var time = CheckTime(signature, date, now);

        var (key, isWeakAccepted) = KeyOf(signature, source, time);
        if (key.IsWeak && !isWeakAccepted)
            throw new MailRefusedException("email.weak_key", $"The key {signature.Selector} of {signature.Domain} has {key.Bits} bits; {DkimKey.StrongRsaBits} are needed.", Hint);
        if (key.Algorithm != signature.Algorithm || (key.IsStrict && signature.Identity != signature.Domain))
            throw new MailRefusedException("email.unsupported", $"The key {signature.Selector} of {signature.Domain} is not for such a signature.", Hint);

        if (!bodies.TryGetValue(signature.Body, out var body))
            bodies.Add(signature.Body, body = BodyHash(message, signature.Body));
        if (!CryptographicOperations.FixedTimeEquals(body, signature.BodyHash))
            throw new MailRefusedException("email.body_changed", "The text of the message is not the one that was signed.", Hint);
        return key.Verify(HeaderHash(message, signature), signature.Value)
            ? (key.Bits, time)
            : throw new MailRefusedException("email.signature_wrong", "The signature is not of these headers and this key.", Hint);
    }

    private static (DkimKey Key, bool IsWeakAccepted) KeyOf(DkimSignature signature, EmailSource source, DateTimeOffset time)
    {
        var name = $"{signature.Selector} of {signature.Domain}";
        var pinned = source.Keys.Where(k => string.Equals(k.Selector, signature.Selector, StringComparison.OrdinalIgnoreCase)).ToList();
        if (pinned.Count == 0)
            throw new MailRefusedException("email.no_key", $"No key is pinned for {name}.", KeyHint);
        var seconds = Math.Max(0, time.ToUnixTimeSeconds());
        if (pinned.Find(k => k.NotBefore <= (ulong)seconds && (ulong)seconds <= k.NotAfter) is not { } key)
            throw new MailRefusedException(
                "email.key_window",
                $"The message was signed at {time:u}; the key {name} is believed from {Show(pinned[0].NotBefore)} to {Show(pinned[0].NotAfter)}.",
                "Ask the platform for a new export, and give the message that comes with it. The dates are in the dataset's policy and change by vote.");
        try
        {
            return (DkimKey.Parse(key.Record), key.AcceptWeak);
        }
        catch (FormatException e)
        {
            throw new MailRefusedException("email.no_key", $"The key pinned for {name} may not be used: {e.Message}.", KeyHint);
        }

        static string Show(ulong seconds) => seconds < 253_402_300_800 ? $"{DateTimeOffset.FromUnixTimeSeconds((long)seconds):u}" : "ever";
    }

    private static void CheckHeaders(MailMessage message, DkimSignature signature)
    {
        if (Required.Concat(Reading.Where(n => message.Fields.Any(f => f.Is(n)))).FirstOrDefault(n => !signature.Signed.Contains(n)) is { } missing)
            throw new MailRefusedException("email.header_unsigned", $"The signature does not cover the {missing} header.", Hint);

        // Signatures count from the bottom, so a field put on top of a signed one would go unnoticed: RFC 6376 §5.4.2, §8.15.
        foreach (var name in signature.Signed.Distinct().Except(Trace))
        {
            if (message.Fields.Count(f => f.Is(name)) > signature.Signed.Count(n => n == name))
                throw new MailRefusedException("email.header_added", $"The message has a {name} header that was not signed beside one that was.", Hint);
        }
    }

    private static DateTimeOffset CheckTime(DkimSignature signature, DateTimeOffset date, DateTimeOffset now)
    {
        if (signature.ExpiresAt is { } end && end < now)
            throw new MailRefusedException("email.expired", $"The signature was good until {end:u}.", "Ask the provider for a newer export, and contribute within that time.");
        var time = signature.SignedAt ?? date;
        return time <= now + AllowedSkew ? time : throw new MailRefusedException("email.not_yet", $"The message was signed at {time:u}, and it is {now:u}.", Hint);
    }

    private static bool IsWithin(string domain, string parent) => domain == parent || domain.EndsWith("." + parent, StringComparison.Ordinal);

    private static byte[] BodyHash(MailMessage message, Canonicalisation how)
    {
        var body = new ArrayBufferWriter<byte>(message.Body.Length + 2);
        Canonical.Body(how, message.Body.Span, body);
        return SHA256.HashData(body.WrittenSpan);
    }

    // §3.7: each name takes the lowest field not taken yet, none when there is none; last the signature itself without its end of line.
    internal static byte[] HeaderHash(MailMessage message, DkimSignature signature)
    {
        var input = new ArrayBufferWriter<byte>(4096);
        var below = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in signature.Signed)
        {
            var at = below.GetValueOrDefault(name, message.Fields.Count) - 1;
            while (at >= 0 && !message.Fields[at].Is(name))
                at--;
            below[name] = Math.Max(at, 0);
            if (at >= 0)
                Canonical.Header(signature.Header, message.Fields[at].Raw.Span, message.Fields[at].Colon, input);
        }

        Canonical.Header(signature.Header, signature.Unsigned.Raw.Span, signature.Unsigned.Colon, input);
        return SHA256.HashData(input.WrittenSpan[..^2]);
    }

    // b= would not do: of a message with two good signatures each could be shown once, with the other taken out.
    private static Bytes32 DigestOf(MailMessage message)
    {
        var input = new ArrayBufferWriter<byte>(4096);
        input.Write("commonhold e-mail 1\n"u8);
        foreach (var name in Required)
        {
            var field = message.Single(name);
            Canonical.Header(Canonicalisation.Relaxed, field.Raw.Span, field.Colon, input);
        }

        input.Write(BodyHash(message, Canonicalisation.Relaxed));
        return Bytes32.FromSpan(SHA256.HashData(input.WrittenSpan));
    }

    private static MailAddress Address(HeaderField field) =>
        MailAddress.TryParse(field.Text) ?? throw new MailRefusedException("email.address", $"The {field.Name} header does not name exactly one address.", Hint);
}
