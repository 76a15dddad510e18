using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Home;

/// <summary>Who can read what of a contribution (docs/threat-model.md), in the words of the first page.</summary>
internal static class TrustTable
{
    public static IReadOnlyList<TrustRow> Rows(uint threshold, int guardians) =>
    [
        new("You, the member", "good", "Everything", "Your own files, always. You keep a key of your own to them."),
        new("This website, its storage and database, the chain", "good", "Nothing", "Encrypted files and the public list of contributions. Never a key, never content."),
        new("One validator", "warn", "One file, once", "Your file, when you contribute it, to check and value it; then it is destroyed. A dishonest validator could keep what it saw. This is the one place where you have to trust somebody."),
        new($"{(threshold == 2 ? "One guardian" : $"Up to {threshold - 1} guardians")}", "good", "Nothing", $"The key to the files is split among {Text.Counted(guardians, "guardian")}. Fewer than {threshold} of them together can open nothing."),
        new($"{threshold} or more guardians together", "warn", "What a vote allowed", "Each guardian reads the chain itself, and helps only with what members voted to open, sealed to the one who may read it."),
        new("A buyer whose request was voted through", "warn", "What the vote allowed", "The files that the vote named, as they are, until its time is over. What was read cannot be unread."),
        new("Everybody else", "good", "Nothing", "That a contribution exists, when it came and how many points it earned."),
    ];
}

/// <param name="Kind">Of the tag: good or warn.</param>
internal sealed record TrustRow(string Party, string Kind, string Reads, string Words);
