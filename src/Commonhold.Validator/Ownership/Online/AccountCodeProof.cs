using System.Text;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>A one-time code on a page that only the account's holder can write.</summary>
/// <remarks>The page's address comes from the policy's template and the account of the export, never from the member; the page
/// must say that it is that account's; the code is looked for in the one place where only the holder writes, because on most pages
/// of a platform anybody can write somewhere. The code is bound to wallet, DAO and file (<see cref="EvidenceCommitment"/>), so it
/// is of no use to whoever reads it there.</remarks>
internal sealed class AccountCodeProof(EvidenceFetcher fetcher, EvidenceOptions options) : OnlineProof(fetcher, options, EvidenceItem.AccountCode)
{
    private const int MaxPageBytes = 2 * 1024 * 1024;
    private const string Proves = "That whoever holds the wallet could write on the account's own page when the validator looked.";
    private const string DoesNotProve = "That the export is the account's: nothing in it is signed by the platform.";

    protected override async Task<ProofResult> CheckAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken)
    {
        string place = item.Text("place");
        AccountCodeSource? source = context.Policy.Sources.AccountCode.FirstOrDefault(s => s.Platform == context.Account.Platform && s.Place == place);
        if (source is null)
            return NotChecked("The dataset's policy names no such page for a code.");
        if (context.Account.Id is not { } account || !IsPlain(account))
            return NotChecked("The export names no account whose page could be asked.");
        string post = item.Text("post");
        if (source.Url.Contains("{post}", StringComparison.Ordinal) && !IsPlain(post))
            return Failed("evidence.post_invalid", "The evidence does not name the post in plain letters and digits.", "Give the id of the post, not its address.");
        if (!Bytes32.TryParse(item.Text("salt"), out Bytes32 salt))
            return Failed("evidence.salt_invalid", "The evidence has no valid salt.", "Make the evidence with the client.");
        if (HostOf(source.Url) is not { Count: > 0 } hosts)
            return NotAllowed(source.Url);

        string url = source.Url.Replace("{account}", Uri.EscapeDataString(account), StringComparison.Ordinal)
            .Replace("{post}", Uri.EscapeDataString(post), StringComparison.Ordinal);
        string[] types = source.Format == PageFormat.Html ? ["text/html"] : ["application/json"];
        FetchedDocument page = await Fetcher.FetchAsync(new FetchRequest(url, hosts, types, MaxPageBytes), cancellationToken).ConfigureAwait(false);
        (string? whose, string? text) = Read(page.Body, source);
        if (!string.Equals(whose, account, StringComparison.OrdinalIgnoreCase))
            return Failed("evidence.other_account", "The page does not say that it is the account's of the export.", "Put the code on the page of the very account that the export is of.");
        string code = new EvidenceCommitment(context.Registry, context.Terms.Owner, context.Terms.CiphertextDigest, salt).AccountCode;
        return Holds(text, code)
            ? ProofResult.Passed(
                Name, EvidenceLevel.AccountCode, $"The code for this wallet and this file stood on the account's page ({place}).", Proves, DoesNotProve,
                evidence: new Dictionary<string, string> { ["place"] = place, ["host"] = hosts[0] })
            : Failed(
                "evidence.code_missing", $"The code for this wallet and this file does not stand on the account's page ({place}).",
                "Look at your page without being signed in: does the code stand there? Then contribute again.");
    }

    private static (string? Account, string? Text) Read(byte[] page, AccountCodeSource source)
    {
        if (source.Format == PageFormat.Html)
        {
            string html = Encoding.UTF8.GetString(page);
            return (HtmlMeta.Find(html, source.Account), HtmlMeta.Find(html, source.Code));
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(page, new JsonDocumentOptions { MaxDepth = 64 });
            return (JsonPointer.Find(json.RootElement, source.Account), JsonPointer.Find(json.RootElement, source.Code));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, null);
        }
    }

    /// <summary>Letters, digits, and what stands between them in account names: nothing that means something in a URL.</summary>
    private static bool IsPlain(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') && name.Trim('.').Length > 0;

    /// <summary>The code as a word of its own, so that no longer one can hold it.</summary>
    private static bool Holds(string? text, string code)
    {
        for (int at = text?.IndexOf(code, StringComparison.Ordinal) ?? -1; at >= 0; at = text!.IndexOf(code, at + 1, StringComparison.Ordinal))
        {
            int end = at + code.Length;
            if ((at == 0 || !IsPart(text![at - 1])) && (end == text!.Length || !IsPart(text[end])))
                return true;
        }

        return false;

        static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '-';
    }
}
