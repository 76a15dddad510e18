using System.Security.Cryptography;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;

namespace Commonhold.Cli.Evidence;

/// <summary>Gathers the proofs that a member chose: says what they show, asks for what only the member can do, and waits for it.</summary>
/// <remarks>Nothing leaves here but what is returned, and that is sealed to one validator. Sign-ins come last, because they live for minutes.</remarks>
internal sealed class EvidenceDesk(IReadOnlyList<ProofChoice> choices, MemberKey member, TextWriter say, TextReader answers)
{
    private static readonly TimeSpan SignInPatience = TimeSpan.FromMinutes(10);
    private static readonly string[] LastToBeMade = [EvidenceItem.OpenId, EvidenceItem.OAuth];

    /// <summary>Before anything is sent: does the dataset's policy take these proofs at all?</summary>
    /// <returns>Refused as <c>evidence.not_asked</c>.</returns>
    public Refusal? Check(ContributionPolicy policy)
    {
        foreach (var choice in choices)
        {
            var sources = policy.Sources;
            var isNamed = choice.Type switch
            {
                EvidenceItem.Email => sources.Email.Count > 0,
                EvidenceItem.AccountCode => Place(policy, choice) is not null,
                EvidenceItem.OAuth => sources.SignIn.Count > 0,
                EvidenceItem.OpenId => Issuer(policy, choice) is not null,
                _ => sources.Download.Count > 0,
            };
            if (!isNamed)
                return new Refusal("evidence.not_asked", $"This dataset's policy does not take the proof “{ProofChoice.Word(choice.Type)}{(choice.Argument is { } a && choice.Type != EvidenceItem.Email ? "=" + a : "")}”.", $"It takes: {Taken(policy)}.");
        }

        return null;
    }

    /// <summary>Says what will be shown to whom, and what each proof is good for.</summary>
    public void Explain(ContributionPolicy policy)
    {
        foreach (var line in ProofWords.Of(choices, policy, Originals()))
            say.WriteLine(line);
    }

    /// <summary>An <see cref="EvidenceGatherer"/>.</summary>
    public async Task<Result<IReadOnlyList<EvidenceItem>>> GatherAsync(EvidenceRequest request, CancellationToken cancellationToken)
    {
        if (Check(request.Policy) is { } notTaken)
            return notTaken;
        List<EvidenceItem> items = [];
        try
        {
            if (Originals() is { Count: > 0 } names)
            {
                if (!PickOriginals(request.Export, names).TryGet(out var originals, out var refusal))
                    return refusal;
                items.Add(originals);
            }

            foreach (var choice in choices.OrderBy(c => Array.IndexOf(LastToBeMade, c.Type)))
            {
                if (!(await MakeAsync(choice, request, cancellationToken).ConfigureAwait(false)).TryGet(out var item, out var refusal))
                    return refusal;
                items.Add(item);
            }

            var made = items;
            items = [];
            return made;
        }
        finally
        {
            foreach (var item in items)
                item.Dispose();
        }
    }

    private Task<Result<EvidenceItem>> MakeAsync(ProofChoice choice, EvidenceRequest request, CancellationToken cancellationToken) => choice.Type switch
    {
        EvidenceItem.Email => Task.FromResult(Email(choice.Argument!)),
        EvidenceItem.AccountCode => CodeAsync(Place(request.Policy, choice)!, request, cancellationToken),
        EvidenceItem.OAuth => SignInAsync(request.Policy.Sources.SignIn[0], request, cancellationToken),
        EvidenceItem.OpenId => IdentityAsync(Issuer(request.Policy, choice)!, request, cancellationToken),
        _ => LinkAsync(cancellationToken),
    };

    private static Result<EvidenceItem> Email(string file)
    {
        if (new FileInfo(file).Length > EvidenceBundle.MaxJsonBytes)
            return new Refusal("evidence.too_large", $"{file} has more than {EvidenceBundle.MaxJsonBytes} bytes.", "Save the message alone, without attachments.");
        var message = File.ReadAllBytes(file);
        var item = EvidenceItem.OfEmail(message);
        CryptographicOperations.ZeroMemory(message);
        return item;
    }

    private async Task<Result<EvidenceItem>> CodeAsync(AccountCodeSource source, EvidenceRequest request, CancellationToken cancellationToken)
    {
        var commitment = EvidenceCommitment.For(member, request.Dao.RegistryDomain, request.CiphertextDigest);
        say.WriteLine();
        say.WriteLine($"Put this code, as it stands here, into {source.Words}:");
        say.WriteLine();
        say.WriteLine($"    {commitment.AccountCode}");
        say.WriteLine();
        string? post = null;
        if (source.Url.Contains("{post}", StringComparison.Ordinal))
            post = await AskAsync("Then type the id of the post, and press Enter: ", cancellationToken).ConfigureAwait(false);
        else
            await AskAsync("Then press Enter. Leave it there until the verdict has come; after that you can take it away. ", cancellationToken, mayBeEmpty: true).ConfigureAwait(false);
        return EvidenceItem.OfAccountCode(source.Place, commitment.Salt, post);
    }

    private async Task<Result<EvidenceItem>> SignInAsync(SignInSource source, EvidenceRequest request, CancellationToken cancellationToken)
    {
        var commitment = Fresh(request);
        using var back = LoopbackAnswer.Listen(source.RedirectPort);
        var signIn = SignInRequest.For(source, commitment, back.RedirectUri);
        return (await BrowseAsync(signIn, back, cancellationToken).ConfigureAwait(false)).TryGet(out var answer, out var refusal)
            ? EvidenceItem.OfSignIn(source.Platform, answer.Code, commitment.Salt, back.RedirectUri, answer.Issuer)
            : refusal;
    }

    private async Task<Result<EvidenceItem>> IdentityAsync(OpenIdSource source, EvidenceRequest request, CancellationToken cancellationToken)
    {
        var commitment = Fresh(request);
        using var back = LoopbackAnswer.Listen(source.RedirectPort);
        var signIn = SignInRequest.For(source, commitment, back.RedirectUri);
        if (!(await BrowseAsync(signIn, back, cancellationToken).ConfigureAwait(false)).TryGet(out var answer, out var refusal))
            return refusal;
        return (await IdTokenDesk.RedeemAsync(source, answer.Code, back.RedirectUri, commitment, cancellationToken).ConfigureAwait(false)).TryGet(out var token, out refusal)
            ? EvidenceItem.OfIdToken(token, commitment.Salt)
            : refusal;
    }

    private async Task<Result<SignInAnswer>> BrowseAsync(SignInRequest request, LoopbackAnswer back, CancellationToken cancellationToken)
    {
        say.WriteLine();
        say.WriteLine($"Open this address in your browser and sign in at {new Uri(request.Url).Host}; it comes back here by itself:");
        say.WriteLine();
        say.WriteLine($"    {request.Url}");
        say.WriteLine();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(SignInPatience);
        try
        {
            return await back.WaitAsync(request, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Refusal("evidence.sign_in_denied", $"Nobody signed in within {SignInPatience.TotalMinutes} minutes.", "Start again; what was uploaded is kept.");
        }
    }

    private async Task<Result<EvidenceItem>> LinkAsync(CancellationToken cancellationToken)
    {
        say.WriteLine();
        var link = await AskAsync("Paste the download link that the platform sent you, and press Enter: ", cancellationToken).ConfigureAwait(false);
        return link.Length <= 4096 && Uri.TryCreate(link, UriKind.Absolute, out _)
            ? EvidenceItem.OfDownload(link)
            : new Refusal("evidence.url_invalid", "That is no link.", "Copy the whole address, from https to its end.");
    }

    private async Task<string> AskAsync(string question, CancellationToken cancellationToken, bool mayBeEmpty = false)
    {
        await say.WriteAsync(question.AsMemory(), cancellationToken).ConfigureAwait(false);
        await say.FlushAsync(cancellationToken).ConfigureAwait(false);
        var line = (await answers.ReadLineAsync(cancellationToken).ConfigureAwait(false))?.Trim();
        return line is { Length: > 0 } || (mayBeEmpty && line is not null)
            ? line
            : throw new CommandFailedException("this proof needs an answer and there is none", "run it in a terminal; what was uploaded is kept, and the code stays the same");
    }

    /// <summary>The files that the chosen proofs are held against, and no others.</summary>
    private IReadOnlyList<string> Originals() => [.. RedditOriginals.Names.Where(name => name switch
    {
        RedditOriginals.Statistics => choices.Any(c => c.Type == EvidenceItem.Email),
        RedditOriginals.LinkedIdentities => choices.Any(c => c.Type == EvidenceItem.OpenId),
        _ => choices.Any(c => c.Type is EvidenceItem.Email or EvidenceItem.OpenId),
    })];

    private static Result<EvidenceItem> PickOriginals(Stream export, IReadOnlyList<string> names)
    {
        export.Position = 0;
        var item = new EvidenceItem(EvidenceItem.OriginalFiles);
        try
        {
            var source = ExportSource.Open(export);
            foreach (var name in names)
            {
                if (source.Find(name) is not { Size: <= 64 * 1024 } entry)
                {
                    item.Dispose();
                    return new Refusal("evidence.no_originals", $"The export has no {name}, or it is too long.", "Contribute the export as the platform sent it.");
                }

                using var stream = source.Open(entry);
                var content = new byte[entry.Size];
                stream.ReadExactly(content);
                item.WithFile(name, content);
                CryptographicOperations.ZeroMemory(content);
            }

            return item;
        }
        catch (ExportRefusedException e)
        {
            item.Dispose();
            return new Refusal(e.Refusal.Code, e.Refusal.Detail, e.Refusal.Hint);
        }
    }

    private EvidenceCommitment Fresh(EvidenceRequest request) =>
        new(request.Dao.RegistryDomain, member.Address, request.CiphertextDigest, EvidenceCommitment.NewSalt());

    private static AccountCodeSource? Place(ContributionPolicy policy, ProofChoice choice) =>
        policy.Sources.AccountCode.FirstOrDefault(s => choice.Argument is null || s.Place == choice.Argument);

    private static OpenIdSource? Issuer(ContributionPolicy policy, ProofChoice choice) =>
        policy.Sources.OpenId.FirstOrDefault(s => choice.Argument is null || s.LinkedAs == choice.Argument || s.Issuer == choice.Argument);

    private static string Taken(ContributionPolicy policy)
    {
        string[] taken =
        [
            .. policy.Sources.Email.Select(_ => "email=FILE"),
            .. policy.Sources.AccountCode.Select(s => $"code={s.Place}"),
            .. policy.Sources.SignIn.Select(_ => "sign-in"),
            .. policy.Sources.OpenId.Select(s => $"openid={s.LinkedAs}"),
            .. policy.Sources.Download.Select(_ => "link"),
        ];
        return taken.Length == 0 ? "none" : string.Join(", ", taken.Distinct());
    }
}
