using Commonhold.Client;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>Carries a refusal out of the parsers of this folder; <see cref="DkimVerifier"/> catches it.</summary>
internal sealed class MailRefusedException(Refusal refusal) : Exception(refusal.ToString())
{
    public MailRefusedException(string code, string detail, string hint)
        : this(new Refusal(code, detail, hint))
    {
    }

    public Refusal Refusal { get; } = refusal;
}
