using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Server.Creation;

/// <summary>From what was typed to the settings of a DAO: every field by itself, then all of them by the rules of <see cref="DaoSettings.Check"/>.</summary>
internal sealed partial class DraftReader
{
    /// <summary>More than any DAO needs, and what one transaction can carry.</summary>
    private const int MostAccounts = 64;

    private readonly DaoDraft _draft;
    private readonly List<(CreationStep Step, DraftProblem Problem)> _problems = [];

    private DraftReader(DaoDraft draft) => _draft = draft;

    /// <summary>What is wrong with the fields of one step.</summary>
    public static IReadOnlyList<DraftProblem> Check(DaoDraft draft, CreationStep step)
    {
        DraftReader reader = new(draft);
        reader.Read();
        return [.. reader._problems.Where(found => found.Step == step).Select(found => found.Problem)];
    }

    /// <summary>The first step that is not right yet; null when all are.</summary>
    public static CreationStep? FirstUnfinished(DaoDraft draft)
    {
        DraftReader reader = new(draft);
        return reader.Read() is not null ? null : reader._problems.Count == 0 ? CreationStep.Name : reader._problems.Min(found => found.Step);
    }

    /// <summary>Null while something is missing or wrong.</summary>
    public static DaoSettings? ToSettings(DaoDraft draft) => new DraftReader(draft).Read();

    public static GovernanceRules? RulesOf(DaoDraft draft)
    {
        DraftReader reader = new(draft);
        var rules = reader.Rules();
        return reader._problems.Count == 0 ? rules : null;
    }

    public static RevenueSplit? SplitOf(DaoDraft draft)
    {
        DraftReader reader = new(draft);
        var split = reader.Split();
        return reader._problems.Count == 0 ? split : null;
    }

    /// <summary>What stands between blanks, commas and line breaks.</summary>
    public static string[] Words(string text) => text.Split([' ', '\n', '\r', '\t', ',', ';'], StringSplitOptions.RemoveEmptyEntries);

    private DaoSettings? Read()
    {
        var name = Text(CreationStep.Name, nameof(DaoDraft.Name), _draft.Name, 64, "Give the DAO a name.");
        var symbol = Text(CreationStep.Name, nameof(DaoDraft.Symbol), _draft.Symbol, 11, "Give the token a symbol, for example COMMON.");
        if (symbol.Any(c => !char.IsAsciiLetterOrDigit(c)))
            Wrong(CreationStep.Name, nameof(DaoDraft.Symbol), "A symbol is made of letters A to Z and digits.");
        var (schema, policy) = Data();
        var guardians = Accounts(CreationStep.Guardians, nameof(DaoDraft.Guardians), _draft.Guardians, "guardian");
        var guardianThreshold = Threshold(CreationStep.Guardians, nameof(DaoDraft.GuardianThreshold), _draft.GuardianThreshold, guardians.Count, "guardians");
        var validators = Accounts(CreationStep.Validators, nameof(DaoDraft.Validators), _draft.Validators, "validator");
        var validatorThreshold = Threshold(CreationStep.Validators, nameof(DaoDraft.ValidatorThreshold), _draft.ValidatorThreshold, validators.Count, "validators");
        var rules = Rules();
        var split = Split();
        var limit = Whole(CreationStep.Money, nameof(DaoDraft.DailyLimit), _draft.DailyLimit, 1, 1_000_000_000, "tokens a day");
        var founder = Founder();
        if (_problems.Count > 0)
            return null;
        var settings = new DaoSettings(name, symbol, schema, guardians, guardianThreshold, validators, validatorThreshold)
        {
            Rules = rules, Split = split, DailyLimit = new Points((UInt128)limit * Points.PerToken), Founder = founder, Policy = policy,
        };
        if (settings.Check() is not { } refusal)
            return settings;
        Wrong(refusal.Code switch
        {
            "dao.guardians_invalid" => CreationStep.Guardians,
            "dao.validators_invalid" or "dao.account_twice" => CreationStep.Validators,
            "dao.split_invalid" => CreationStep.Money,
            "dao.name_invalid" or "dao.symbol_invalid" => CreationStep.Name,
            _ => CreationStep.Data,
        }, "", refusal.Detail);
        return null;
    }

    private (string Schema, byte[] Policy) Data()
    {
        var schema = Text(CreationStep.Data, nameof(DaoDraft.Schema), _draft.Schema, 64, "Choose a kind of data, or give your own a name.");
        ContributionPolicy? policy = null;
        byte[] bytes = [];
        if (_draft.Policy.Length > 0)
        {
            bytes = Encoding.UTF8.GetBytes(_draft.Policy);
            if (!ContributionPolicy.Parse(bytes).TryGet(out policy, out var refused))
                Wrong(CreationStep.Data, nameof(DaoDraft.Policy), refused.Detail);
            else if (policy.Schema != schema)
                Wrong(CreationStep.Data, nameof(DaoDraft.Policy), $"The policy is for ‘{policy.Schema}’, and the dataset takes ‘{schema}’.");
            else if (_draft.Descriptor.Length > 0)
                Wrong(CreationStep.Data, nameof(DaoDraft.Descriptor), "A policy of your own brings its description of the data with it: leave this one away.");
        }
        else
        {
            policy = ContributionPolicy.Standard(schema);
            if (_draft.Descriptor.Length > 0 && Descriptor() is { } descriptor)
                policy = policy with { Descriptor = descriptor };
            bytes = policy.ToJsonBytes();
        }

        if (policy is not null && _problems.Count == 0 && PolicyFormat.Of(policy).Refusal is { } unknown)
            Wrong(CreationStep.Data, _draft.Descriptor.Length > 0 || _draft.Policy.Length > 0 ? nameof(DaoDraft.Descriptor) : nameof(DaoDraft.Schema),
                unknown.Code == "dataset.schema_unknown" ? "No built-in format has this name. Describe your data below, or choose a built-in kind." : unknown.Detail);
        return (schema, bytes);
    }

    private JsonElement? Descriptor()
    {
        try
        {
            using var parsed = JsonDocument.Parse(_draft.Descriptor, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            return parsed.RootElement.Clone();
        }
        catch (JsonException e)
        {
            Wrong(CreationStep.Data, nameof(DaoDraft.Descriptor), $"The description is not JSON: {e.Message}");
            return null;
        }
    }

    private GovernanceRules Rules()
    {
        const uint month = 30 * 86_400;
        return new GovernanceRules(
            Seconds(nameof(DaoDraft.VotingDelay), _draft.VotingDelay, 0, month), Seconds(nameof(DaoDraft.VotingPeriod), _draft.VotingPeriod, 10, 3 * month),
            Seconds(nameof(DaoDraft.LateQuorum), _draft.LateQuorum, 0, month),
            (ushort)(Percent(CreationStep.Voting, nameof(DaoDraft.ProposalThreshold), _draft.ProposalThreshold, 100m) * 100m),
            (byte)Whole(CreationStep.Voting, nameof(DaoDraft.Quorum), _draft.Quorum, 1, 100, "per cent"), Wei.Zero,
            Seconds(nameof(DaoDraft.Timelock), _draft.Timelock, 0, 3 * month));
    }

    private RevenueSplit Split()
    {
        var operators = Percent(CreationStep.Money, nameof(DaoDraft.OperatorsShare), _draft.OperatorsShare, 100m);
        var treasury = Percent(CreationStep.Money, nameof(DaoDraft.TreasuryShare), _draft.TreasuryShare, 100m);
        if (operators + treasury > 100m)
        {
            Wrong(CreationStep.Money, nameof(DaoDraft.TreasuryShare), $"Operators {operators} % and treasury {treasury} % are more than the whole.");
            return new RevenueSplit();
        }

        return new RevenueSplit((ushort)(operators * 100m), (ushort)(treasury * 100m))
        {
            Operators = Account(CreationStep.Money, nameof(DaoDraft.Operators), _draft.Operators), Treasury = Account(CreationStep.Money, nameof(DaoDraft.Treasury), _draft.Treasury),
        };
    }

    private FounderShare? Founder()
    {
        if (_draft.FounderAccount.Trim().Length == 0 && _draft.FounderTokens.Trim().Length == 0)
            return null;
        var account = Account(CreationStep.Money, nameof(DaoDraft.FounderAccount), _draft.FounderAccount);
        var tokens = Whole(CreationStep.Money, nameof(DaoDraft.FounderTokens), _draft.FounderTokens, 1, 1_000_000_000, "tokens");
        if (account is null && _draft.FounderAccount.Trim().Length == 0)
            Wrong(CreationStep.Money, nameof(DaoDraft.FounderAccount), "Say which account gets the founder’s share, or leave both empty.");
        return account is { } known ? new FounderShare(known, new Wei(tokens * BigInteger.Pow(10, 18))) : null;
    }

    private string Text(CreationStep step, string field, string text, int longest, string missing)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
            Wrong(step, field, missing);
        else if (trimmed.Length > longest)
            Wrong(step, field, $"At most {longest} characters; this has {trimmed.Length}.");
        else if (trimmed.Any(char.IsControl))
            Wrong(step, field, "No line breaks or control characters.");
        return trimmed;
    }

    private List<Address> Accounts(CreationStep step, string field, string text, string noun)
    {
        List<Address> accounts = [];
        foreach (var word in Words(text).Take(MostAccounts + 1))
        {
            if (!Address.TryParse(word, out var account))
                Wrong(step, field, $"‘{(word.Length > 60 ? word[..60] + "…" : word)}’ is no account: 0x and 40 digits, and mixed case must carry a right checksum.");
            else if (accounts.Contains(account))
                Wrong(step, field, $"{account} stands twice.");
            else
                accounts.Add(account);
        }

        if (accounts.Count == 0)
            Wrong(step, field, $"Name at least one {noun}.");
        if (accounts.Count > MostAccounts)
            Wrong(step, field, $"At most {MostAccounts}.");
        return accounts;
    }

    private Address? Account(CreationStep step, string field, string text)
    {
        if (text.Trim().Length == 0)
            return null;
        if (Address.TryParse(text.Trim(), out var account) && account != Address.Zero)
            return account;
        Wrong(step, field, "This is no account: 0x and 40 digits, and mixed case must carry a right checksum.");
        return null;
    }

    private uint Threshold(CreationStep step, string field, string text, int of, string noun)
    {
        if (text.Trim().Length == 0)
            return (uint)((of / 2) + 1); // More than half.
        var threshold = Whole(step, field, text, 1, Math.Max(1, of), noun);
        return (uint)threshold;
    }

    private long Whole(CreationStep step, string field, string text, long least, long most, string unit)
    {
        if (long.TryParse(text.Trim().Replace(",", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Wrong(step, field, string.Create(CultureInfo.InvariantCulture, $"A whole number of {unit}, from {least:N0} to {most:N0}."));
        return least;
    }

    private decimal Percent(CreationStep step, string field, string text, decimal most)
    {
        if (decimal.TryParse(text.Trim().TrimEnd('%').Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent >= 0 && percent <= most && decimal.Round(percent, 2) == percent)
            return percent;
        Wrong(step, field, $"Per cent from 0 to {most}, with at most two digits after the point.");
        return 0m;
    }

    private uint Seconds(string field, string text, uint least, uint most)
    {
        if (Duration().Match(text.Trim().ToLowerInvariant()) is { Success: true } match && uint.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var seconds = (ulong)number * (match.Groups[2].Value switch { "second" => 1u, "minute" => 60u, "hour" => 3600u, "week" => 604_800u, _ => 86_400u });
            if (seconds >= least && seconds <= most)
                return (uint)seconds;
        }

        Wrong(CreationStep.Voting, field, $"A time such as ‘3 days’, ‘12 hours’ or ‘30 minutes’, from {Web.Components.Text.Duration(least)} to {Web.Components.Text.Duration(most)}.");
        return least;
    }

    private void Wrong(CreationStep step, string field, string message) => _problems.Add((step, new DraftProblem(field, message)));

    [GeneratedRegex("^([0-9]{1,8}) ?(second|minute|hour|day|week)s?$")]
    private static partial Regex Duration();
}

/// <summary>The pages of the form, in order.</summary>
internal enum CreationStep
{
    Name,
    Data,
    Guardians,
    Validators,
    Voting,
    Money,
    Review,
}
