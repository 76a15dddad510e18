using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.ServerTests.Guardians;

/// <summary>Opening a grant while guardians die or lie.</summary>
[Collection(GuardianCollection.Name), Trait("Speed", "slow")]
public sealed class OpeningTests(DaoFixture guardians)
{
    [AnvilFact]
    public async Task Two_guardians_of_five_may_be_dead_and_three_may_not()
    {
        var contribution = TestDao.Seal(guardians.Dataset, Dao.Member.Address, "opens with three of five");
        await Dao.CommitAsync(contribution);
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        await guardians.KillAsync(2);
        await guardians.KillAsync(4);
        try
        {
            var opened = (await guardians.OpenAsync(grant, terms, "two-dead")).Value.Contributions[^1];
            Assert.Equal(OpenOutcome.Opened, opened.Outcome);
            Assert.Equal(contribution.Plaintext, await File.ReadAllTextAsync(opened.Path!));

            await guardians.KillAsync(1);
            var refusal = (await guardians.OpenAsync(grant, terms, "three-dead")).Refusal;
            Assert.Equal("guardian.too_few", refusal?.Code);
        }
        finally
        {
            await Task.WhenAll(guardians.StartAsync(1), guardians.StartAsync(2), guardians.StartAsync(4));
        }
    }

    [AnvilFact]
    public async Task A_guardian_that_lies_is_named_and_the_file_opens_without_it()
    {
        var contribution = TestDao.Seal(guardians.Dataset, Dao.Member.Address, "opens in spite of a liar");
        var batch = await Dao.CommitAsync(contribution);
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        // With two others away the liar is certainly asked.
        LyingGuardian liar = new(2, guardians.Client(2), batch, terms.Recipient);
        await guardians.KillAsync(5);

        try
        {
            var report = (await guardians.OpenAsync(grant, terms with { }, "liar", new GuardianLink(2, liar))).Value;
            var opened = report.Contributions[^1];
            Assert.Equal(contribution.Plaintext, await File.ReadAllTextAsync(opened.Path!));
            for (var i = 0; report.Liars.Count == 0 && i < 20; i++)
                report = (await guardians.OpenAsync(grant, terms, $"liar-{i}", new GuardianLink(2, liar))).Value;
            Assert.Equal([2U], report.Liars);
            Assert.True(report.Contributions[^1].Outcome == OpenOutcome.Opened);
        }
        finally
        {
            await guardians.StartAsync(5);
        }
    }

    private TestDao Dao => guardians.Dao;
}
