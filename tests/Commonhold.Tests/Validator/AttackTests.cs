using Commonhold.Benchmarks.Attacks;

namespace Commonhold.Tests.Validator;

/// <summary>The attack suite of `./run bench attacks` on few people, so that an attack that begins to pay fails the build.</summary>
public sealed class AttackTests
{
    [Theory]
    [Trait("Speed", "slow")]
    [InlineData("structure")]
    [InlineData("weighted")]
    [InlineData("required")]
    public async Task No_fraud_earns_more_than_honesty_and_nobody_honest_is_turned_away(string name)
    {
        using var run = new AttackRun(await AttackCast.LoadAsync(null, 24, default), 1, TextWriter.Null);
        var policy = run.Policies.Single(p => p.Name == name);
        Assert.All((await run.AttackAsync(policy, default)).Where(a => !a.IsLimit), a => Assert.True(a.WorstGain <= 1 + AttackFigure.Rounding, $"{a.Attack}: {a.WorstGain:0.000}"));
        var copies = await run.CopiesAsync(policy, default);
        Assert.Equal(copies.Copies, copies.Found);
        Assert.Empty((await run.HonestAsync(policy, default)).Refused);
    }
}
