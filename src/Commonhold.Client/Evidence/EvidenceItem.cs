using System.Text;
using Commonhold.Age;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>One piece of evidence: its type and its fields, all of them secret until it is disposed.</summary>
/// <remarks>A type that this program does not know keeps its name and nothing else.</remarks>
public sealed class EvidenceItem : IDisposable
{
    /// <summary><c>message</c>: the provider's e-mail whole, as it arrived.</summary>
    public const string Email = "email";

    /// <summary>Files as the provider sent them that cleaning keeps at home, each by name.</summary>
    public const string OriginalFiles = "original_files";

    /// <summary><c>place</c>: where the one-time code stands; <c>salt</c> of its <see cref="EvidenceCommitment"/>; <c>post</c>: which one, where the place has many.</summary>
    public const string AccountCode = "account_code";

    /// <summary><c>platform, code, redirectUri</c> of an authorization code, the <c>salt</c> of the <see cref="EvidenceCommitment"/>
    /// that its verifier is, and the <c>issuer</c> that came with it, if one did.</summary>
    public const string OAuth = "oauth";

    /// <summary><c>idToken</c>: a fresh ID token; <c>salt</c> of the <see cref="EvidenceCommitment"/> that its nonce is.</summary>
    public const string OpenId = "openid";

    /// <summary><c>url</c>: the provider's one-time link.</summary>
    public const string Download = "download";

    private readonly Dictionary<string, SecretBytes> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SecretBytes> _files = new(StringComparer.Ordinal);

    public EvidenceItem(string type) => Type = type;

    public string Type { get; }

    /// <summary>False: nothing but its type was read.</summary>
    public bool IsKnown => EvidenceShape.Of(Type) is not null;

    /// <summary>Names of the files it carries.</summary>
    public IReadOnlyCollection<string> FileNames => _files.Keys;

    internal IReadOnlyDictionary<string, SecretBytes> Fields => _fields;

    internal IReadOnlyDictionary<string, SecretBytes> Files => _files;

    public static EvidenceItem OfEmail(ReadOnlySpan<byte> message) => new EvidenceItem(Email).With("message", message);

    /// <param name="post">Which post, for a place that has many.</param>
    public static EvidenceItem OfAccountCode(string place, Bytes32 salt, string? post = null)
    {
        EvidenceItem item = new EvidenceItem(AccountCode).With("place", place).With("salt", salt.ToString());
        return post is null ? item : item.With("post", post);
    }

    /// <param name="issuer">The <c>iss</c> that came with the code (RFC 9207); null when none did.</param>
    public static EvidenceItem OfSignIn(string platform, string code, Bytes32 salt, string redirectUri, string? issuer = null)
    {
        EvidenceItem item = new EvidenceItem(OAuth).With("platform", platform).With("code", code).With("salt", salt.ToString()).With("redirectUri", redirectUri);
        return issuer is null ? item : item.With("issuer", issuer);
    }

    public static EvidenceItem OfIdToken(string idToken, Bytes32 salt) => new EvidenceItem(OpenId).With("idToken", idToken).With("salt", salt.ToString());

    public static EvidenceItem OfDownload(string url) => new EvidenceItem(Download).With("url", url);

    /// <summary>The field's bytes; empty when it is absent. The span must not outlive this item.</summary>
    public ReadOnlySpan<byte> Bytes(string field) => _fields.TryGetValue(field, out SecretBytes? value) ? value.Span : default;

    /// <summary>The field as text. A string cannot be wiped: ask for what is short-lived or public alone.</summary>
    public string Text(string field) => Encoding.UTF8.GetString(Bytes(field));

    /// <summary>A file's bytes; empty when it is absent.</summary>
    public ReadOnlySpan<byte> File(string name) => _files.TryGetValue(name, out SecretBytes? value) ? value.Span : default;

    public bool HasFile(string name) => _files.ContainsKey(name);

    /// <summary>Adds a copy of a field's bytes, which stay the caller's.</summary>
    public EvidenceItem With(string field, ReadOnlySpan<byte> value)
    {
        _fields.Add(field, SecretBytes.CopyOf(value));
        return this;
    }

    public EvidenceItem With(string field, string value) => With(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds a copy of a file's bytes, which stay the caller's.</summary>
    public EvidenceItem WithFile(string name, ReadOnlySpan<byte> content)
    {
        _files.Add(name, SecretBytes.CopyOf(content));
        return this;
    }

    public void Dispose()
    {
        foreach (SecretBytes value in _fields.Values.Concat(_files.Values))
            value.Dispose();
    }
}
