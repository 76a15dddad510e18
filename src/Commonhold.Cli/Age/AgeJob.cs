using Commonhold.Age;
using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Age;

/// <summary>One run of `commonhold age encrypt` or `decrypt`.</summary>
internal static class AgeJob
{
    public static async Task<int> EncryptAsync(AgeRequest request, CliContext context, CancellationToken cancellationToken)
    {
        var recipients = await RecipientsAsync(request, context, cancellationToken);
        if (!request.Armor) AgeOutput.RefuseTerminal(request.Output);
        await using var input = AgeInput.Open(request.Input, request.Output);
        await using var output = new AgeOutput(request.Output);
        await AgeFile.EncryptAsync(input, output, recipients, new AgeOptions { Armor = request.Armor }, cancellationToken);
        await output.CompleteAsync(cancellationToken);
        return ExitCode.Ok;
    }

    public static async Task<int> DecryptAsync(AgeRequest request, CliContext context, CancellationToken cancellationToken)
    {
        if (request.Recipients.Length + request.RecipientFiles.Length > 0 || request.Armor)
            throw Usage("-r, -R and -a are for encryption: age finds recipients and armor in the file itself");
        await using var input = AgeInput.Open(request.Input, request.Output);
        var reader = await AgeReader.OpenAsync(input, cancellationToken: cancellationToken);
        var identities = await IdentitiesAsync(request, reader.Header, context, cancellationToken);
        await using var output = new AgeOutput(request.Output) { RefusesBinaryOnTerminal = true };
        await reader.DecryptAsync(output, identities, cancellationToken);
        await output.CompleteAsync(cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task<List<IAgeRecipient>> RecipientsAsync(AgeRequest request, CliContext context, CancellationToken cancellationToken)
    {
        var recipients = new List<IAgeRecipient>(request.Recipients.Select(X25519Recipient.Parse));
        foreach (var file in request.RecipientFiles)
        {
            using var text = new StreamReader(AgeInput.Open(file, null));
            recipients.AddRange(KeyFile.ReadRecipients(text));
        }

        foreach (var file in request.IdentityFiles)
        {
            foreach (var identity in await IdentityFile.ReadAsync(file, request, context, cancellationToken))
            {
                recipients.Add(identity.Recipient);
                identity.Dispose();
            }
        }

        var passphrase = request.Passphrase || (request.PassphraseFile is not null && recipients.Count == 0);
        if (passphrase && recipients.Count > 0) throw Usage("-p cannot be combined with recipients: a passphrase must be alone");
        if (passphrase) recipients.Add(new ScryptRecipient(await PassphrasePrompt.ReadNewAsync(request.PassphraseFile, context, cancellationToken)));
        return recipients.Count > 0 ? recipients : throw Usage("nobody to encrypt to", "-r age1…, -R FILE, -i FILE or -p");
    }

    private static async Task<List<IAgeIdentity>> IdentitiesAsync(
        AgeRequest request, AgeHeader header, CliContext context, CancellationToken cancellationToken)
    {
        var identities = new List<IAgeIdentity>();
        foreach (var file in request.IdentityFiles)
            identities.AddRange(await IdentityFile.ReadAsync(file, request, context, cancellationToken));

        if (header.Stanzas[0].Type == "scrypt")
            identities.Add(new ScryptIdentity(await PassphrasePrompt.ReadAsync("passphrase: ", request.PassphraseFile, context, cancellationToken)));
        return identities.Count > 0 ? identities : throw Usage("no identity to decrypt with", "-i key.txt");
    }

    private static CommandFailedException Usage(string message, string? hint = null) => new(message, hint, ExitCode.Usage);
}
