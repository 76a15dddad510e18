using System.Text;
using Commonhold.Age;

namespace Commonhold.Client;

/// <summary>One piece of evidence: its type and its fields, all of them secret until it is disposed.</summary>
/// <remarks>A type that this program does not know keeps its name and nothing else.</remarks>
public sealed class EvidenceItem : IDisposable
{
    /// <summary><c>message</c>: the provider's e-mail whole, as it arrived.</summary>
    public const string Email = "email";

    /// <summary>Files as the provider sent them that cleaning keeps at home, each by name.</summary>
    public const string OriginalFiles = "original_files";

    /// <summary><c>place</c>: where the one-time code stands.</summary>
    public const string AccountCode = "account_code";

    /// <summary><c>platform, code, codeVerifier, redirectUri</c> of an authorization code with PKCE.</summary>
    public const string OAuth = "oauth";

    /// <summary><c>idToken</c>: a fresh ID token.</summary>
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

    public static EvidenceItem OfAccountCode(string place) => new EvidenceItem(AccountCode).With("place", place);

    public static EvidenceItem OfSignIn(string platform, string code, string codeVerifier, string redirectUri) => new EvidenceItem(OAuth)
        .With("platform", platform).With("code", code).With("codeVerifier", codeVerifier).With("redirectUri", redirectUri);

    public static EvidenceItem OfIdToken(string idToken) => new EvidenceItem(OpenId).With("idToken", idToken);

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
