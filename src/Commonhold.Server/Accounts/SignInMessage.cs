using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Commonhold.Ethereum;

namespace Commonhold.Server.Accounts;

/// <summary>The text that an account signs to sign in (EIP-4361), read strictly by the EIP's own grammar.</summary>
/// <remarks>One text has one reading: line feeds only, no field twice or out of order, nothing before or after. Whether it was meant for this
/// node, and for now, is <see cref="SignIn"/>'s to decide.</remarks>
internal sealed partial record SignInMessage(
    string? Scheme, string Domain, Address Address, string? Statement, Uri Uri, ulong ChainId, string Nonce, DateTimeOffset IssuedAt,
    DateTimeOffset? ExpirationTime, DateTimeOffset? NotBefore, string? RequestId, IReadOnlyList<string> Resources)
{
    /// <summary>Far more than any honest message has.</summary>
    public const int MaxLength = 4096;

    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static bool TryParse(string text, [NotNullWhen(true)] out SignInMessage? message)
    {
        message = null;
        if (text.Length > MaxLength || Grammar().Match(text) is not { Success: true } match)
            return false;
        // "Capitalised by EIP-55": a lower-case account would be another text for the same meaning.
        if (!Address.TryParse(match.Groups["address"].Value, out var address) || address.ToString() != match.Groups["address"].Value)
            return false;
        if (!Uri.TryCreate(match.Groups["uri"].Value, UriKind.Absolute, out var uri) || !ulong.TryParse(match.Groups["chain"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var chain))
            return false;
        if (!TryTime(match.Groups["issued"], out var issued) || !TryTime(match.Groups["expires"], out var expires) || !TryTime(match.Groups["notbefore"], out var notBefore))
            return false;
        message = new SignInMessage(Optional(match.Groups["scheme"]), match.Groups["domain"].Value, address, Optional(match.Groups["statement"]), uri, chain,
            match.Groups["nonce"].Value, issued!.Value, expires, notBefore, Optional(match.Groups["request"]), match.Groups["resources"].Value.Split("\n- ", StringSplitOptions.RemoveEmptyEntries));
        return true;
    }

    private static string? Optional(Group group) => group.Success ? group.Value : null;

    private static bool TryTime(Group group, out DateTimeOffset? time)
    {
        time = null;
        if (!group.Success)
            return true;
        if (!DateTimeOffset.TryParseExact(group.Value, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
            return false;
        time = parsed;
        return true;
    }

    // EIP-4361 "ABNF Message Format"; authority, URI, pchar by RFC 3986; date-time by RFC 3339. \z, not $: a line feed at the end is one too many.
    [GeneratedRegex("""
        \A
        (?:(?<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://)?
        (?<domain>[A-Za-z0-9\-._~!$&'()*+,;=%:@\[\]]+)\ wants\ you\ to\ sign\ in\ with\ your\ Ethereum\ account:\n
        (?<address>0x[0-9A-Fa-f]{40})\n
        \n
        (?:(?<statement>[A-Za-z0-9\-._~:/?\#\[\]@!$&'()*+,;=\ ]+)\n)?
        \n
        URI:\ (?<uri>[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9\-._~:/?\#\[\]@!$&'()*+,;=%]*)\n
        Version:\ 1\n
        Chain\ ID:\ (?<chain>[0-9]{1,20})\n
        Nonce:\ (?<nonce>[A-Za-z0-9]{8,})\n
        Issued\ At:\ (?<issued>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]{1,7})?(?:Z|[+\-][0-9]{2}:[0-9]{2}))
        (?:\nExpiration\ Time:\ (?<expires>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]{1,7})?(?:Z|[+\-][0-9]{2}:[0-9]{2})))?
        (?:\nNot\ Before:\ (?<notbefore>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]{1,7})?(?:Z|[+\-][0-9]{2}:[0-9]{2})))?
        (?:\nRequest\ ID:\ (?<request>[A-Za-z0-9\-._~!$&'()*+,;=%:@]*))?
        (?:\nResources:(?<resources>(?:\n-\ [A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9\-._~:/?\#\[\]@!$&'()*+,;=%]*)*))?
        \z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
