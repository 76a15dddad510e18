using Commonhold.Server.Releases;

namespace Commonhold.Server.Transparency;

/// <summary>A guardian's state in words and colour.</summary>
internal static class GuardianWords
{
    public static string StateOf(GuardianStanding guardian) => guardian switch
    {
        { Faults.Count: > 0 } => "log was changed",
        { State: GuardianState.Answers } => "answers",
        { State: GuardianState.NotReady } => "not ready",
        { State: GuardianState.Silent } => "does not answer",
        { State: GuardianState.Other } => "someone else answers",
        { State: GuardianState.Faulty } => "log was changed",
        { Url: null } => "address not known",
        _ => "not asked yet",
    };

    public static string KindOf(GuardianStanding guardian) => guardian switch
    {
        { Faults.Count: > 0 } or { State: GuardianState.Other or GuardianState.Faulty } => "bad",
        { State: GuardianState.Answers } => "good",
        { State: GuardianState.Silent or GuardianState.NotReady } => "warn",
        _ => "",
    };
}
