using System.Text.Json;
using Commonhold.Cli.Evidence;
using Commonhold.Client;
using Commonhold.Exports;
using Commonhold.Tests.Client;
using Commonhold.Validator;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.Ownership.Online;
using Commonhold.Validator.State;
using Microsoft.Extensions.Logging.Abstractions;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Tests.Validator.Ownership.Online;

/// <summary>From the member's terminal to the verdict: evidence is made, sealed, carried, opened, held against a provider and weighed.</summary>
public sealed class ProofJourneyTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("commonhold-proofs").FullName;
    private readonly FakeDao _dao = new();
    private readonly MemberKey _member = MemberKey.Generate();
    private readonly ValidatorKey _key = ValidatorKey.Generate();
    private readonly SettableTime _time = new();
    private TestProvider _provider = null!;
    private Terminal? _terminal;

    public async Task InitializeAsync()
    {
        _provider = await TestProvider.StartAsync();
        ValidatorRecipient recipient = ValidatorRecipient.Create(_key.Account, _dao.Info.Contracts.Registry, _key.Identity.Recipient.ToString());
        _dao.Validators.Add(new ValidatorInfo(_key.Address, recipient.Recipient, recipient.Signature));
        string url = _provider.Issuer;
        _dao.Policy = _dao.Policy with
        {
            Sources = PolicySources.None with
            {
                AccountCode = [new(EvidenceWorld.Platform, "profile", $"{url}/user/{{account}}", PageFormat.Json, "/name", "/about", "your profile")],
                SignIn = [new(EvidenceWorld.Platform, $"{url}/authorize", $"{url}/token", $"{url}/me", TestProvider.ClientId, "identity", "/name", url)],
                Download = [new(EvidenceWorld.Platform, [_provider.Authority])],
            },
        };
    }

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        _member.Dispose();
        _key.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_member_proves_an_account_by_a_code()
    {
        await ContributeAsync("code", terminal => PutCode(terminal));
        Report report = await JudgeAsync();
        Assert.Equal((true, EvidenceLevel.AccountCode, CheckOutcome.Passed), (report.Accepted, report.Level, report.Findings.Ownership.Outcome));
        Assert.Contains("could write on the account's own page", report.Findings.Ownership.Proves);
        Assert.Contains("nothing in it is signed", report.Findings.Ownership.DoesNotProve);
        Assert.Equal(CheckOutcome.Passed, Assert.Single(report.Checks, c => c.Name == "ownership.account_code").Outcome);
    }

    [Fact]
    public async Task A_link_is_followed_and_not_repeated_in_the_report()
    {
        await ContributeAsync("link", _ => { }, $"{_provider.Issuer}/link/once\n");
        _provider.Download = EvidenceWorld.Export;
        Report report = await JudgeAsync();
        Assert.Equal((EvidenceLevel.Fetched, CheckOutcome.Passed), (report.Level, Assert.Single(report.Checks, c => c.Name == "ownership.download").Outcome));
        Assert.DoesNotContain("once", JsonSerializer.Serialize(report));
    }

    [Fact]
    public async Task A_code_on_nobodys_page_is_refused()
    {
        await ContributeAsync("code", terminal => _provider.Pages["/user/" + Account()] = new { name = Account(), about = "nothing" });
        Report report = await JudgeAsync();
        Assert.Equal((false, "evidence.code_missing"), (report.Accepted, report.Refusal?.Code));
    }

    [Fact]
    public async Task A_validator_that_goes_nowhere_says_so_and_takes_the_file_as_it_is()
    {
        await ContributeAsync("code", PutCode);
        Report report = await JudgeAsync(EvidenceOptions.Off);
        Assert.Equal((true, EvidenceLevel.Structure), (report.Accepted, report.Level));
        CheckResult check = Assert.Single(report.Checks, c => c.Name == "ownership.account_code");
        Assert.Equal(CheckOutcome.NotChecked, check.Outcome);
        Assert.Empty(_provider.Requests);
    }

    [Fact]
    public async Task A_page_that_does_not_answer_is_waited_for_without_haste()
    {
        await ContributeAsync("code", _ => { });
        _provider.IsDown = true;
        using ValidatorState state = ValidatorState.Open(_directory);
        using OwnershipProofs proofs = Proofs(Operator());
        using ValidatorProcess process = Process(state, proofs);
        for (int i = 0; i < 3; i++)
            Assert.False(await process.RunOnceAsync(default));
        Assert.Single(_provider.Requests);
        Assert.Empty(_dao.Verdicts);

        _provider.IsDown = false;
        PutCode(_terminal!);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await process.RunOnceAsync(default));
        Assert.Contains(Report.Parse(Assert.Single(_dao.Verdicts).Report).Value.Checks, c => c is { Name: "ownership.account_code", Outcome: CheckOutcome.Passed });
    }

    private static string Account() => new Commonhold.Exports.Reddit.RedditFormat().TryRead(ExportSource.Open(new MemoryStream(EvidenceWorld.Export))).OrThrow().Account.Id!;

    private void PutCode(Terminal terminal) => _provider.Pages["/user/" + Account()] = new { name = Account(), about = $"Hi! {terminal.Code}" };

    private async Task ContributeAsync(string proof, Action<Terminal> whenAsked, string typed = "\n")
    {
        Terminal terminal = _terminal = new Terminal();
        EvidenceDesk desk = new(ProofChoice.Parse([proof]), _member, terminal, new Typist(typed, () => whenAsked(terminal)));
        Contributor contributor = new(_dao, _member, Path.Combine(Directory.CreateDirectory(_directory).FullName, "member"));
        Directory.CreateDirectory(Path.Combine(_directory, "member"));
        _ = (await contributor.SubmitAsync(new MemoryStream(EvidenceWorld.Export), null, default, desk.GatherAsync)).Value;
    }

    private EvidenceOptions Operator() => new([_provider.Authority], [_provider.Authority], RequestsPerMinute: 60_000);

    private async Task<Report> JudgeAsync(EvidenceOptions? options = null)
    {
        using ValidatorState state = ValidatorState.Open(_directory);
        using OwnershipProofs proofs = Proofs(options ?? Operator());
        await Process(state, proofs).RunOnceAsync(default);
        return Report.Parse(Assert.Single(_dao.Verdicts).Report).Value;
    }

    private OwnershipProofs Proofs(EvidenceOptions options) => new(options, _key.NullifierKey, ExportLimits.Default, _time);

    private ValidatorProcess Process(ValidatorState state, OwnershipProofs proofs) => new(
        _dao, _dao, _key, state, new OwnershipLadder(proofs.All), new ValidatorOptions { StateDirectory = _directory }, _time, NullLogger<ValidatorProcess>.Instance);

    private sealed class Terminal : StringWriter
    {
        public string Code => ToString().Split('\n').Select(l => l.Trim()).First(l => l.StartsWith("commonhold-", StringComparison.Ordinal));
    }

    /// <summary>Does what was asked for, and only then types.</summary>
    private sealed class Typist(string typed, Action whenAsked) : StringReader(typed)
    {
        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
        {
            whenAsked();
            return base.ReadLineAsync(cancellationToken);
        }
    }
}
