namespace Commonhold.Cli;

/// <summary>What a script may rely on. Documented in `docs/cli.md`.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It was tried and failed: a file cannot be read, a proof does not hold, a transaction reverted.</summary>
    public const int Failed = 1;

    /// <summary>The command line was not understood.</summary>
    public const int Usage = 2;

    /// <summary>The node, a guardian, a validator or the chain said no; the same call will be refused again.</summary>
    public const int Refused = 3;

    /// <summary>Something could not be reached or was busy; the same call may work later.</summary>
    public const int Unavailable = 4;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
