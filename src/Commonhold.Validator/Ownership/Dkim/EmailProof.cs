using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports.Reddit;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>Proof by the provider's "your data is ready" e-mail: its signature, that it names the account, and that it went to the address of the export.</summary>
/// <remarks>Flow: a source of the policy for this platform → <see cref="DkimVerifier"/> → the subject is that of this very message → the signed
/// text names this account and no other → To is the address in the member's original <c>statistics.csv</c>. Only the signed message
/// proves; the file is unsigned and merely has to agree. Nothing of the address or the text goes into the report.</remarks>
/// <param name="validatorsKey">Keys what is remembered, so that nobody can try addresses against it.</param>
internal sealed class EmailProof(ReadOnlyMemory<byte> validatorsKey) : IOwnershipProof
{
    private const string Proves =
        "That the platform wrote to a mailbox that the data of this account is ready, and that the contributor has that message whole: control of the account's mailbox when the export was asked for.";

    private const string DoesNotProve =
        "That the rows are unaltered, that the contributor wrote them, or that the mailbox is still theirs: whoever could read it then has the same message.";

    private const string Hint = "Give the message that came with this very export, and the original files of that export.";

    public string Type => EvidenceItem.Email;

    public Task<ProofResult> VerifyAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Verify(item, context));

    private ProofResult Verify(EvidenceItem item, ProofContext context)
    {
        var name = ProofResult.NameOf(Type);
        var sources = context.Policy.Sources.Email.Where(s => s.Platform == context.Account.Platform).ToList();
        if (sources.Count == 0 || context.Account.Id is not { } account)
            return ProofResult.NotChecked(name, $"The dataset's policy pins no key and no message for {context.Account.Platform}, or its exports name no account.");

        Refusal? first = null;
        foreach (var source in sources)
        {
            if (Verify(item.Bytes("message").ToArray(), source, account, context).TryGet(out var mail, out var refusal))
                return Passed(name, mail);
            first ??= refusal;
        }

        return ProofResult.Failed(name, first!);
    }

    private static Result<VerifiedMail> Verify(byte[] message, EmailSource source, string account, ProofContext context)
    {
        var verified = DkimVerifier.Verify(message, source, context.Now);
        if (!verified.TryGet(out var mail, out var refusal))
            return refusal;
        if (!AccountMention.IsSubject(source.Subjects, mail.Subject))
            return new Refusal("email.other_message", $"It is a message of {source.Platform}, but not the one that says that data is ready.", Hint);
        var named = AccountMention.Find(source.Accounts, [mail.Subject, .. MailText.Of(mail.Message)]);
        if (named.Count != 1 || !string.Equals(named[0], account, StringComparison.OrdinalIgnoreCase))
            return new Refusal("email.account", named.Count == 0 ? "The message names no account in the way that the policy says." : "The message is about another account.", Hint);
        return context.Account.Platform == RedditFormat.Platform && Recipient(mail, context) is { } other ? other : mail;
    }

    private static Refusal? Recipient(VerifiedMail mail, ProofContext context)
    {
        if (!OriginalFiles.Read(context.Bundle, context.Reading).TryGet(out var originals, out var refusal))
            return refusal;
        return originals.EmailAddress is { } address && MailAddress.TryParse(address) == mail.To
            ? null
            : new Refusal("email.recipient", "The message did not go to the address that the export's statistics.csv has.", Hint);
    }

    private ProofResult Passed(string name, VerifiedMail mail)
    {
        var strength = mail.Bits < DkimKey.StrongRsaBits && mail.Signature.Algorithm == DkimAlgorithm.RsaSha256 ? ", a weak key that the policy accepts" : "";
        var figures = new Dictionary<string, string>
        {
            ["domain"] = mail.Signature.Domain,
            ["selector"] = mail.Signature.Selector,
            ["keyBits"] = mail.Bits.ToString(CultureInfo.InvariantCulture),
            ["signedOn"] = mail.SignedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        return ProofResult.Passed(
            name, EvidenceLevel.Email, $"{mail.Signature.Domain} signed the message about this account's data{strength}.", Proves, DoesNotProve,
            Keyed("e-mail message", mail.Digest.AsSpan()), [new ClusterLink("email", Keyed("e-mail address", Encoding.ASCII.GetBytes(mail.To.Mailbox)))], figures);
    }

    private Bytes32 Keyed(string what, ReadOnlySpan<byte> value) =>
        Bytes32.FromSpan(HMACSHA256.HashData(validatorsKey.Span, [.. Encoding.ASCII.GetBytes(what), 0, .. value]));
}
