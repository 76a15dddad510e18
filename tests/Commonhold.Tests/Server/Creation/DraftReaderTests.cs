using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Creation;

namespace Commonhold.Tests.Server.Creation;

public sealed class DraftReaderTests
{
    private static readonly DaoDraft Good = new()
    {
        Name = "Readers", Symbol = "READ", Guardians = string.Join('\n', Enumerable.Range(1, 3).Select(Account)), Validators = Account(9).ToString(),
    };

    [Fact]
    public void What_is_typed_becomes_the_settings_that_the_command_line_would_make()
    {
        var settings = DraftReader.ToSettings(Good)!;

        Assert.Null(settings.Check());
        Assert.Equal(("Readers", "READ", Schema.RedditExport, 2u, 1u), (settings.Name, settings.Symbol, settings.SchemaName, settings.GuardianThreshold, settings.ValidatorThreshold));
        Assert.Equal(GovernanceRules.Standard, settings.Rules);
        Assert.Equal(new RevenueSplit(), settings.Split);
        Assert.Equal(new DaoSettings("a", "b", Schema.RedditExport, [], 1, [], 1).DailyLimit, settings.DailyLimit);
        Assert.Equal(ContributionPolicy.Standard(Schema.RedditExport).ToJsonBytes(), settings.Policy);
    }

    [Fact]
    public void A_settings_file_says_the_same_when_it_is_read_again()
    {
        var settings = DraftReader.ToSettings(Good with { FounderAccount = Account(5).ToString(), FounderTokens = "1000", Operators = Account(6).ToString() })!;

        var read = DaoSettingsFile.Read(DaoSettingsFile.Write(settings)).Value;

        Assert.Equal(DaoPlan.Make(settings, Account(7)).Deployments.Select(d => Hex.Encode(d.InitCode.Span)), DaoPlan.Make(read, Account(7)).Deployments.Select(d => Hex.Encode(d.InitCode.Span)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("""{"name":"a","symbol":"b","schemaName":"c","guardians":[],"guardianThreshold":1,"validators":[],"validatorThreshold":1}""")]
    public void A_file_that_is_no_settings_is_refused(string json) => Assert.NotNull(DaoSettingsFile.Read(System.Text.Encoding.UTF8.GetBytes(json)).Refusal);

    private static readonly (string What, DaoDraft Draft, CreationStep Step, string Field)[] Wrong =
    [
        ("no name", Good with { Name = " " }, CreationStep.Name, nameof(DaoDraft.Name)),
        ("a line break in the name", Good with { Name = "a\nb" }, CreationStep.Name, nameof(DaoDraft.Name)),
        ("a symbol with a space", Good with { Symbol = "A B" }, CreationStep.Name, nameof(DaoDraft.Symbol)),
        ("a kind of data that nobody knows", Good with { Schema = "diary-v1" }, CreationStep.Data, nameof(DaoDraft.Schema)),
        ("a description that is no JSON", Good with { Schema = "diary-v1", Descriptor = "{" }, CreationStep.Data, nameof(DaoDraft.Descriptor)),
        ("a description of one of ours", Good with { Descriptor = "{}" }, CreationStep.Data, nameof(DaoDraft.Descriptor)),
        ("a policy that cannot be read", Good with { Policy = "{}" }, CreationStep.Data, nameof(DaoDraft.Policy)),
        ("a word for an account", Good with { Guardians = "alice" }, CreationStep.Guardians, nameof(DaoDraft.Guardians)),
        ("a guardian twice", Good with { Guardians = $"{Account(1)} {Account(1)}" }, CreationStep.Guardians, nameof(DaoDraft.Guardians)),
        ("four of three guardians", Good with { GuardianThreshold = "4" }, CreationStep.Guardians, nameof(DaoDraft.GuardianThreshold)),
        ("no validator", Good with { Validators = "" }, CreationStep.Validators, nameof(DaoDraft.Validators)),
        ("a vote of no length", Good with { VotingPeriod = "0 days" }, CreationStep.Voting, nameof(DaoDraft.VotingPeriod)),
        ("a vote of a fortnight", Good with { VotingPeriod = "a fortnight" }, CreationStep.Voting, nameof(DaoDraft.VotingPeriod)),
        ("a vote of ages", Good with { VotingPeriod = "99999999 weeks" }, CreationStep.Voting, nameof(DaoDraft.VotingPeriod)),
        ("a quorum above the whole", Good with { Quorum = "101" }, CreationStep.Voting, nameof(DaoDraft.Quorum)),
        ("a quorum of nobody", Good with { Quorum = "0" }, CreationStep.Voting, nameof(DaoDraft.Quorum)),
        ("shares above the whole", Good with { OperatorsShare = "60", TreasuryShare = "41" }, CreationStep.Money, nameof(DaoDraft.TreasuryShare)),
        ("a third digit after the point", Good with { OperatorsShare = "1.234" }, CreationStep.Money, nameof(DaoDraft.OperatorsShare)),
        ("tokens for nobody", Good with { FounderTokens = "5" }, CreationStep.Money, nameof(DaoDraft.FounderAccount)),
    ];

    [Fact]
    public void What_cannot_be_meant_is_said_at_its_field() => Assert.All(Wrong, wrong =>
    {
        var (what, draft, step, field) = wrong;
        Assert.Null(DraftReader.ToSettings(draft));
        Assert.Equal((what, step), (what, DraftReader.FirstUnfinished(draft)!.Value));
        Assert.Contains(DraftReader.Check(draft, step), problem => problem.Field == field && problem.Message.Length > 10);
    });

    [Fact]
    public void Data_of_any_kind_can_be_described()
    {
        const string descriptor = """
            {"profile":"tabular-data-package","name":"diary-v1","title":"Diary","resources":[{"name":"entries","schema":{"fields":[{"name":"day","type":"datetime","constraints":{"required":true}},
            {"name":"text","type":"string","constraints":{"maxLength":2000}}],"primaryKey":["day"]},"commonhold":{"code":1,"weight":1000,"scope":"history","time":"day"}}],"commonhold":{"format":"diary","sources":[]}}
            """;
        var draft = Good with { Schema = "diary-v1", Descriptor = descriptor };
        var problems = DraftReader.Check(draft, CreationStep.Data);

        // Whatever the descriptor's own rules say, the page says the same as the program that would load it.
        var policy = ContributionPolicy.Standard("diary-v1") with { Descriptor = System.Text.Json.JsonDocument.Parse(descriptor).RootElement };
        Assert.Equal(PolicyFormat.Of(policy).Refusal is null, problems.Count == 0);
        Assert.Equal(problems.Count == 0, DraftReader.ToSettings(draft) is not null);
    }

    [Theory]
    [InlineData(3, 4, "With 3 members of equal weight, at least 1 must take part (the quorum of 4 %). If everybody votes, 2 must vote yes; if only 1 member votes, 1 yes vote is enough.")]
    [InlineData(100, 10, "With 100 members of equal weight, at least 10 must take part (the quorum of 10 %). If everybody votes, 51 must vote yes; if only 10 members vote, 6 yes votes are enough.")]
    [InlineData(10, 60, "With 10 members of equal weight, at least 6 must take part (the quorum of 60 %). If everybody votes, 6 must vote yes.")]
    [InlineData(1, 4, "With one member that member decides alone.")]
    public void Rules_of_voting_are_told_as_what_they_lead_to(long members, byte quorum, string sentence) =>
        Assert.Contains(sentence, Consequences.OfVoting(GovernanceRules.Standard with { QuorumPercent = quorum }, members));

    private static Address Account(int number) => Address.Parse($"0x{number:x40}");
}
