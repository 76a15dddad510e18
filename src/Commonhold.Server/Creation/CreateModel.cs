using Commonhold.Client;
using Commonhold.Exports;

namespace Commonhold.Server.Creation;

/// <summary>What a page of <c>/create</c> shows.</summary>
/// <param name="Step">Null for the first page.</param>
/// <param name="HasDraft">Something was saved in this browser before.</param>
/// <param name="Unfinished">The first step that is not right yet; null when all are.</param>
/// <param name="Settings">When all is right.</param>
internal sealed record CreateModel(
    CreationStep? Step, DaoDraft Draft, bool HasDraft, IReadOnlyList<DraftProblem> Problems, CreationStep? Unfinished, DaoSettings? Settings, Uri? PublicRpc, ulong ChainId, bool IsTrial)
{
    public static readonly (CreationStep Step, string Title, string Slug)[] Steps =
    [
        (CreationStep.Name, "Name and token", "name"), (CreationStep.Data, "Kind of data", "data"), (CreationStep.Guardians, "Guardians", "guardians"),
        (CreationStep.Validators, "Validators", "validators"), (CreationStep.Voting, "Voting", "voting"), (CreationStep.Money, "Money", "money"), (CreationStep.Review, "Check and create", "review"),
    ];

    public static string SlugOf(CreationStep step) => Steps[(int)step].Slug;

    /// <summary>Of the settings file.</summary>
    public static string FileNameOf(string name)
    {
        var words = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return $"{(words.Length == 0 ? "dao" : string.Join('-', words))}-settings.json";
    }

    public string? ProblemOf(string field) => Problems.FirstOrDefault(problem => problem.Field == field)?.Message;

    /// <summary>The built-in kinds of data.</summary>
    public static IReadOnlyList<(string Schema, string Title)> Formats { get; } = [.. ExportFormats.All.Select(format => (format.Schema, format.Title))];

    public IReadOnlyList<string> VotingSentences =>
        DraftReader.RulesOf(Draft) is { } rules && long.TryParse(Draft.Members, out var members) ? Consequences.OfVoting(rules, members) : [];

    public IReadOnlyList<string> GuardianSentences => Sentences(CreationStep.Guardians, Draft.Guardians, Draft.GuardianThreshold, Consequences.OfGuardians);

    public IReadOnlyList<string> ValidatorSentences => Sentences(CreationStep.Validators, Draft.Validators, Draft.ValidatorThreshold, Consequences.OfValidators);

    public IReadOnlyList<string> SplitSentences => DraftReader.SplitOf(Draft) is { } split ? Consequences.OfSplit(split) : [];

    private IReadOnlyList<string> Sentences(CreationStep step, string accounts, string threshold, Func<int, uint, IReadOnlyList<string>> of)
    {
        if (DraftReader.Check(Draft, step).Count > 0)
            return [];
        var count = DraftReader.Words(accounts).Length;
        return of(count, uint.TryParse(threshold.Trim(), out var given) ? given : (uint)((count / 2) + 1));
    }
}
