using System.CommandLine;
using Commonhold.Cli.Age;

namespace Commonhold.Cli.Verbs;

/// <summary>Every verb, in the order in which `commonhold --help` lists them.</summary>
internal static class VerbList
{
    public static IEnumerable<Command> All()
    {
        yield return UpVerb.Create();
        yield return DemoVerb.Create();
        yield return DaoVerb.Create();
        yield return KeyVerb.Create();
        yield return FaucetVerb.Create();
        yield return ContributeVerb.Create();
        yield return ContributionsVerb.Create();
        yield return WithdrawVerb.Create();
        yield return ClaimVerb.Create();
        yield return RequestVerb.Create();
        yield return ProposeVerb.Create();
        yield return VoteVerb.Create();
        yield return ExecuteVerb.Create();
        yield return GrantsVerb.Create();
        yield return OpenVerb.Create();
        yield return RevenueVerb.Create();
        yield return Node.NodeCommand.Create();
        yield return OperatorVerb.Create();
        yield return Guardian.GuardianCommand.Create();
        yield return Guardian.AuditCommand.Create();
        yield return AgeCommand.Create();
        yield return ValidatorVerb.Create();
    }
}
