namespace Commonhold.Age;

/// <summary>A file, key or answer that age v1 or the threshold identity refuses.</summary>
/// <remarks>The code is stable; the message names what failed and never holds a secret.</remarks>
public sealed class AgeException : Exception
{
    public AgeException(string code, string message, string? hint = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Hint = hint;
    }

    /// <summary>One of <see cref="AgeErrors"/>.</summary>
    public string Code { get; }

    /// <summary>What the reader can do about it, when there is something.</summary>
    public string? Hint { get; }
}

/// <summary>The stable codes of <see cref="AgeException"/>.</summary>
public static class AgeErrors
{
    public const string MalformedHeader = "age.malformed_header";
    public const string HeaderTooLarge = "age.header_too_large";
    public const string HeaderMac = "age.header_mac";
    public const string NoIdentity = "age.no_identity";
    public const string WorkFactor = "age.work_factor";
    public const string Chunk = "age.chunk";
    public const string Truncated = "age.truncated";
    public const string TrailingData = "age.trailing_data";
    public const string Armor = "age.armor";
    public const string Recipient = "age.recipient";
    public const string Identity = "age.identity";
    public const string KeyFile = "age.key_file";
    public const string TooLarge = "age.too_large";
    public const string TicketMismatch = "age.ticket_mismatch";
    public const string OtherDataset = "age.other_dataset";
    public const string ShareRefused = "age.share_refused";
    public const string PointRefused = "age.point_refused";
    public const string WrongAnswer = "age.wrong_answer";
    public const string TooFewAnswers = "age.too_few_answers";
    public const string CeremonyState = "age.ceremony_state";
    public const string CeremonyMessage = "age.ceremony_message";
}
