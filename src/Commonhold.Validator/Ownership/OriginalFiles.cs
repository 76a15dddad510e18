using System.Security.Cryptography;
using Commonhold.Client;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;

namespace Commonhold.Validator.Ownership;

/// <summary>The files of the member's own export that only the validator is shown, held against the export that was contributed.</summary>
/// <remarks>They carry an e-mail address and linked identities: nothing of them goes into reasons, evidence or logs.</remarks>
internal static class OriginalFiles
{
    public const string Proves = "That these files and the export list each other's digests: they were made together.";
    public const string DoesNotProve = "That the platform made them: nothing in them is signed.";

    /// <summary>What the bundle's <c>original_files</c> say.</summary>
    /// <returns>Refused as <c>evidence.no_originals</c>, or with the code of what is wrong with them.</returns>
    public static Result<RedditOriginals> Read(EvidenceBundle bundle, ExportReading export)
    {
        if (bundle.Find(EvidenceItem.OriginalFiles) is not { } item)
            return new Refusal("evidence.no_originals", "The original files that this proof is held against were not given.", "Contribute with the export as the platform sent it: the program picks them out.");
        if (export.Account.Platform != RedditFormat.Platform)
            return new Refusal("evidence.no_originals", $"Exports of {export.Account.Platform} have no such files.");
        List<(string Name, byte[] Content)> files = [.. item.FileNames.Select(name => (name, item.File(name).ToArray()))];
        try
        {
            ExportResult<RedditOriginals> read = RedditOriginals.Read(files, export);
            return read.IsAccepted ? read.Value : new Refusal(read.Refusal.Code, read.Refusal.Detail, read.Refusal.Hint);
        }
        finally
        {
            foreach ((_, byte[] content) in files)
                CryptographicOperations.ZeroMemory(content);
        }
    }
}

/// <summary>Says in the report whether the original files fit; they reach no level of their own.</summary>
internal sealed class OriginalFilesProof : IOwnershipProof
{
    public string Type => EvidenceItem.OriginalFiles;

    public Task<ProofResult> VerifyAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken)
    {
        string name = ProofResult.NameOf(Type);
        return Task.FromResult(OriginalFiles.Read(context.Bundle, context.Reading).TryGet(out _, out Refusal? refusal)
            ? ProofResult.Passed(name, null, $"{item.FileNames.Count} original files fit the export.", OriginalFiles.Proves, OriginalFiles.DoesNotProve)
            : ProofResult.Failed(name, refusal));
    }
}
