using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Cli.Voice;

/// <summary>One error in the house's voice: what is wrong, what to do about it, and the exit code.</summary>
internal sealed record Complaint(int ExitCode, string Message, string? Hint = null)
{
    /// <summary>Null for an exception that is our own bug: those keep their stack trace.</summary>
    public static Complaint? From(Exception exception) => exception switch
    {
        CommandFailedException failed => failed.Complaint,
        CommonholdException { Refusal: { } refusal } e =>
            new(e.IsTransient ? Cli.ExitCode.Unavailable : Cli.ExitCode.Refused, $"{Sentence(refusal.Detail)} ({refusal.Code})", refusal.Hint),
        CommonholdException e => new(e.IsTransient ? Cli.ExitCode.Unavailable : Cli.ExitCode.Failed, e.Message),
        ContractRevertException e => new(Cli.ExitCode.Refused, $"the contract refused: {e.Message}"),
        RpcException e => new(
            e.IsTransient ? Cli.ExitCode.Unavailable : Cli.ExitCode.Failed, $"the chain node failed: {e.Message}", e.IsTransient ? "is it up? --rpc URL" : null),
        AgeException e => new(Cli.ExitCode.Failed, e.Message.TrimEnd('.'), e.Hint),
        OperationCanceledException => new(Cli.ExitCode.Interrupted, "stopped before the end"),
        HttpRequestException e => new(Cli.ExitCode.Unavailable, $"cannot reach the node: {e.Message}", "commonhold up, or --node URL"),
        FileNotFoundException e => new(Cli.ExitCode.Failed, $"no such file: {e.FileName ?? e.Message}"),
        IOException or UnauthorizedAccessException => new(Cli.ExitCode.Failed, exception.Message),
        _ => null,
    };

    public static int Write(TextWriter error, Complaint complaint)
    {
        error.WriteLine($"commonhold: error: {OneLine(complaint.Message)}");
        if (complaint.Hint is { } hint)
            error.WriteLine($"commonhold: hint: {OneLine(hint)}");
        return complaint.ExitCode;
    }

    public static Complaint From(Refusal refusal) => new(Cli.ExitCode.Refused, $"{Sentence(refusal.Detail)} ({refusal.Code})", refusal.Hint);

    // Our errors are one line without a full stop; refusals are whole sentences.
    private static string Sentence(string detail) => detail.TrimEnd('.');

    // What a server or a file said may hold control characters; a terminal must not obey them.
    private static string OneLine(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}

/// <summary>Ends a verb with a complaint.</summary>
internal sealed class CommandFailedException(Complaint complaint, Exception? inner = null) : Exception(complaint.Message, inner)
{
    public CommandFailedException(string message, string? hint = null, int exitCode = Cli.ExitCode.Failed)
        : this(new Complaint(exitCode, message, hint))
    {
    }

    public CommandFailedException(Refusal refusal)
        : this(Complaint.From(refusal))
    {
    }

    public Complaint Complaint { get; } = complaint;
}
