namespace Commonhold.Client;

/// <summary>One field of a kind of evidence.</summary>
/// <param name="IsBase64">True: bytes, base64 in JSON. False: text.</param>
/// <param name="MaxBytes">Of the decoded value.</param>
internal sealed record EvidenceField(string Name, bool IsBase64, int MaxBytes, bool IsRequired = true);

/// <summary>What each kind of evidence consists of: the one table that writing and reading follow.</summary>
internal sealed record EvidenceShape(string Type, IReadOnlyList<EvidenceField> Fields, int MaxFiles = 0)
{
    private static readonly EvidenceShape[] Known =
    [
        new(EvidenceItem.Email, [new("message", IsBase64: true, EvidenceBundle.MaxJsonBytes)]),
        new(EvidenceItem.OriginalFiles, [], MaxFiles: 8),
        new(EvidenceItem.AccountCode,
        [
            new("place", IsBase64: false, 64), new("salt", IsBase64: false, 66), new("post", IsBase64: false, 64, IsRequired: false),
        ]),
        new(EvidenceItem.OAuth,
        [
            new("platform", IsBase64: false, 64), new("code", IsBase64: false, 4096), new("salt", IsBase64: false, 66),
            new("redirectUri", IsBase64: false, 512), new("issuer", IsBase64: false, 512, IsRequired: false),
        ]),
        new(EvidenceItem.OpenId, [new("idToken", IsBase64: false, 16 * 1024), new("salt", IsBase64: false, 66)]),
        new(EvidenceItem.Download, [new("url", IsBase64: false, 4096)]),
    ];

    /// <summary>Null for a type that this program does not know.</summary>
    public static EvidenceShape? Of(string type) => Array.Find(Known, s => s.Type == type);

    public EvidenceField? Field(string name) => Fields.FirstOrDefault(f => f.Name == name);
}
