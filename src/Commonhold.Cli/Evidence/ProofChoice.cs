using Commonhold.Cli.Voice;
using Commonhold.Client;

namespace Commonhold.Cli.Evidence;

/// <summary>One `--proof` of the command line.</summary>
/// <param name="Type">As in <see cref="EvidenceItem"/>.</param>
/// <param name="Argument">What stands behind the equals sign; null when nothing does.</param>
internal sealed record ProofChoice(string Type, string? Argument)
{
    public const string Kinds = "email=FILE, code, sign-in, openid or link";

    public static IReadOnlyList<ProofChoice> Parse(IReadOnlyList<string> texts)
    {
        var choices = texts.Select(Parse).ToArray();
        return choices.GroupBy(c => c.Type).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new CommandFailedException($"--proof {Word(twice.Key)} is given twice", "one proof of a kind is enough", ExitCode.Usage)
            : choices;
    }

    /// <summary>The kind as people type it.</summary>
    public static string Word(string type) => type switch
    {
        EvidenceItem.AccountCode => "code",
        EvidenceItem.OAuth => "sign-in",
        EvidenceItem.Download => "link",
        _ => type,
    };

    private static ProofChoice Parse(string text)
    {
        var (kind, argument) = text.IndexOf('=', StringComparison.Ordinal) is var equals and >= 0 ? (text[..equals], text[(equals + 1)..]) : (text, null);
        return kind switch
        {
            "email" when argument is null => throw new CommandFailedException("--proof email needs the message", "save it from your mail program as a file: --proof email=message.eml", ExitCode.Usage),
            "email" when !File.Exists(argument) => throw new CommandFailedException($"there is no file {argument}"),
            "email" => new(EvidenceItem.Email, argument),
            "code" => new(EvidenceItem.AccountCode, argument),
            "sign-in" when argument is null => new(EvidenceItem.OAuth, null),
            "openid" => new(EvidenceItem.OpenId, argument),
            "link" when argument is not null => throw new CommandFailedException(
                "the link is not given on the command line, where other programs could read it", "--proof link, and paste it when you are asked", ExitCode.Usage),
            "link" => new(EvidenceItem.Download, null),
            _ => throw new CommandFailedException($"'{text}' is not a proof", $"--proof takes {Kinds}", ExitCode.Usage),
        };
    }
}
