using System.Globalization;
using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Creation.Pages;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Layout;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Creation;

internal static class CreationEndpoints
{
    private const string Cookie = "commonhold-draft";

    /// <summary>A descriptor and a policy document, as form fields.</summary>
    private const long MaxFormBytes = 1 << 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/create", async (HttpContext context, CreationDesk desk, CancellationToken cancellationToken) =>
            Page.Of<CreatePage, CreateModel>(await desk.ShowAsync(null, TokenOf(context), cancellationToken)), new MenuEntry(MenuGroup.Everyone, 20, "Create a DAO"));
        routes.MapPage("/create/{step}", StepAsync);
        routes.MapPost("/create/{step}", SaveAsync).RequireFormToken().RequireRateLimiting(RateLimits.Writes).WithMetadata(new BodyLimit(MaxFormBytes)).ExcludeFromDescription();
        routes.MapPost("/create/forget", ForgetAsync).RequireFormToken().RequireRateLimiting(RateLimits.Writes).ExcludeFromDescription();
        routes.MapGet("/create/settings.json", SettingsFileAsync).ExcludeFromDescription();
        routes.MapGet("/v1/creation", async Task<Results<Ok<CreationParts>, ProblemResult>> (HttpContext context, CreationDesk desk, CancellationToken cancellationToken) =>
            (await desk.PartsAsync(TokenOf(context), cancellationToken)).ToOk()).RequireRateLimiting(RateLimits.Writes).WithTags("creation").WithSummary("Settings of the DAO that this browser has drafted, and the code of its eight contracts.");
        routes.MapGet("/v1/creation/consequences", SentencesOf).WithTags("creation").WithSummary("What rules of voting mean, in sentences.");
    }

    private static async Task<IResult> StepAsync(string step, HttpContext context, CreationDesk desk, CancellationToken cancellationToken) => Find(step) is { } found
        ? Page.Of<CreatePage, CreateModel>(await desk.ShowAsync(found, TokenOf(context), cancellationToken)) : TypedResults.NotFound();

    private static async Task<IResult> SaveAsync(string step, HttpContext context, CreationDesk desk, DraftShelf shelf, CancellationToken cancellationToken)
    {
        if (Find(step) is not { } found)
            return TypedResults.NotFound();
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var token = TokenOf(context);
        var draft = await Filled(await shelf.FindAsync(token, cancellationToken) ?? new DaoDraft(), found, form, cancellationToken);
        var considered = desk.Consider(found, draft);
        token ??= DraftShelf.NewToken();
        await shelf.SaveAsync(token, draft, cancellationToken);
        context.Response.Cookies.Append(Cookie, token, Options(context, DraftShelf.Lifetime));
        if (considered.Problems.Count > 0)
            return Page.Of<CreatePage, CreateModel>(considered, 422);
        return TypedResults.Redirect($"/create/{CreateModel.SlugOf(found == CreationStep.Review ? found : found + 1)}");
    }

    private static async Task<RedirectHttpResult> ForgetAsync(HttpContext context, DraftShelf shelf, CancellationToken cancellationToken)
    {
        await shelf.DeleteAsync(TokenOf(context), cancellationToken);
        context.Response.Cookies.Delete(Cookie, Options(context, null));
        return TypedResults.Redirect("/create");
    }

    private static async Task<IResult> SettingsFileAsync(HttpContext context, CreationDesk desk, CancellationToken cancellationToken) =>
        (await desk.SettingsAsync(TokenOf(context), cancellationToken)).TryGet(out var settings, out var refusal)
            ? TypedResults.File(DaoSettingsFile.Write(settings), "application/json", CreateModel.FileNameOf(settings.Name)) : new ProblemResult(refusal);

    private static Ok<SentenceList> SentencesOf(HttpContext context)
    {
        var query = context.Request.Query;
        string Value(string name, string otherwise) => query[name].FirstOrDefault() is { Length: > 0 and <= 40 } text ? text : otherwise;
        var blank = new DaoDraft();
        var draft = blank with
        {
            VotingDelay = Value(nameof(DaoDraft.VotingDelay), blank.VotingDelay), VotingPeriod = Value(nameof(DaoDraft.VotingPeriod), blank.VotingPeriod),
            LateQuorum = Value(nameof(DaoDraft.LateQuorum), blank.LateQuorum), Timelock = Value(nameof(DaoDraft.Timelock), blank.Timelock), Quorum = Value(nameof(DaoDraft.Quorum), blank.Quorum),
            ProposalThreshold = Value(nameof(DaoDraft.ProposalThreshold), blank.ProposalThreshold), Members = Value(nameof(DaoDraft.Members), blank.Members),
        };
        return TypedResults.Ok(new SentenceList(DraftReader.RulesOf(draft) is { } rules && long.TryParse(draft.Members, NumberStyles.None, CultureInfo.InvariantCulture, out var members)
            ? Consequences.OfVoting(rules, members) : [], [.. DraftReader.Check(draft, CreationStep.Voting)]));
    }

    private static async Task<DaoDraft> Filled(DaoDraft draft, CreationStep step, IFormCollection form, CancellationToken cancellationToken)
    {
        string Field(string name, int longest = 8192) => form[name].ToString() is var text && text.Length > longest ? text[..longest] : text;
        return step switch
        {
            CreationStep.Name => draft with { Name = Field(nameof(DaoDraft.Name)), Symbol = Field(nameof(DaoDraft.Symbol)) },
            CreationStep.Data => draft with
            {
                Schema = form["Kind"] == "own" ? Field("OwnSchema") : Field("Kind"),
                Descriptor = form["Kind"] == "own" ? await FileOr(form, nameof(DaoDraft.Descriptor), cancellationToken) : "",
                Policy = await FileOr(form, nameof(DaoDraft.Policy), cancellationToken),
            },
            CreationStep.Guardians => draft with { Guardians = Field(nameof(DaoDraft.Guardians)), GuardianThreshold = Field(nameof(DaoDraft.GuardianThreshold), 20) },
            CreationStep.Validators => draft with { Validators = Field(nameof(DaoDraft.Validators)), ValidatorThreshold = Field(nameof(DaoDraft.ValidatorThreshold), 20) },
            CreationStep.Voting => draft with
            {
                VotingDelay = Field(nameof(DaoDraft.VotingDelay), 40), VotingPeriod = Field(nameof(DaoDraft.VotingPeriod), 40), LateQuorum = Field(nameof(DaoDraft.LateQuorum), 40),
                Timelock = Field(nameof(DaoDraft.Timelock), 40), Quorum = Field(nameof(DaoDraft.Quorum), 20), ProposalThreshold = Field(nameof(DaoDraft.ProposalThreshold), 20), Members = Field(nameof(DaoDraft.Members), 20),
            },
            CreationStep.Money => draft with
            {
                OperatorsShare = Field(nameof(DaoDraft.OperatorsShare), 20), TreasuryShare = Field(nameof(DaoDraft.TreasuryShare), 20), Operators = Field(nameof(DaoDraft.Operators), 80),
                Treasury = Field(nameof(DaoDraft.Treasury), 80), DailyLimit = Field(nameof(DaoDraft.DailyLimit), 20), FounderAccount = Field(nameof(DaoDraft.FounderAccount), 80), FounderTokens = Field(nameof(DaoDraft.FounderTokens), 20),
            },
            _ => draft,
        };
    }

    /// <summary>A file that was chosen, or what stands in the field beside it.</summary>
    private static async Task<string> FileOr(IFormCollection form, string name, CancellationToken cancellationToken)
    {
        if (form.Files[name + "File"] is not { Length: > 0 } file)
            // A form sends every line end as two characters; what was pasted, or taken from a file before, had one.
            return form[name].ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Trim() is { Length: <= ContributionPolicy.MaxBytes } text ? text : "";
        var bytes = new byte[Math.Min(file.Length, ContributionPolicy.MaxBytes)];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return Encoding.UTF8.GetString(bytes);
    }

    private static CreationStep? Find(string slug) => Array.FindIndex(CreateModel.Steps, step => step.Slug == slug) is >= 0 and var at ? (CreationStep)at : null;

    private static string? TokenOf(HttpContext context) => context.Request.Cookies[Cookie] is { Length: 43 } token ? token : null;

    private static CookieOptions Options(HttpContext context, TimeSpan? life) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", MaxAge = life, IsEssential = true };
}

/// <summary><c>GET /v1/creation/consequences</c>.</summary>
internal sealed record SentenceList(IReadOnlyList<string> Sentences, IReadOnlyList<DraftProblem> Problems);
