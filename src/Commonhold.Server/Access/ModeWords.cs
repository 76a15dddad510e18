using Commonhold.Client;

namespace Commonhold.Server.Access;

/// <summary>What each mode is, for people.</summary>
internal static class ModeWords
{
    public static IReadOnlyList<GrantMode> All { get; } = Enum.GetValues<GrantMode>();

    public static string Short(GrantMode mode) => mode switch
    {
        GrantMode.Raw => "Read the files as they are",
        GrantMode.Anonymised => "Get an anonymised copy",
        GrantMode.Query => "Ask questions",
        GrantMode.Job => "Run a job",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    public static string Gives(GrantMode mode) => mode switch
    {
        GrantMode.Raw => "You get every file in the scope, decrypted on your own machine.",
        GrantMode.Anonymised => "A worker, a program in a closed box that the members approved, takes out what tells who somebody is. You get its output.",
        GrantMode.Query => "You put questions to a worker. You get answers, never files.",
        GrantMode.Job => "A worker runs your code on the files without a network. You get what the output rules let out.",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    public static string CannotBeUndone(GrantMode mode) => mode == GrantMode.Raw
        ? "What was read cannot be unread, also when the members end the grant. Members know this when they vote."
        : "The files do not leave the worker. What it put out stays out.";

    /// <summary>As on the wire.</summary>
    public static string Name(GrantMode mode) => mode.ToString().ToLowerInvariant();
}
