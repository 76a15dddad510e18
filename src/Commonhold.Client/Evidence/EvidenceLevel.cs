using System.Text.Json.Serialization;

namespace Commonhold.Client;

/// <summary>How well it is shown that a contribution is the account holder's own; each level by the proof that reached it.</summary>
/// <remarks>In the order of the ladder. A level is reached by a proof that passed or not at all: it is never guessed from others.</remarks>
public enum EvidenceLevel
{
    /// <summary>A wallet signed: says nothing of the account.</summary>
    Wallet,

    /// <summary>The file is whole and consistent: not clumsily edited, but forgeable, and anybody's.</summary>
    Structure,

    /// <summary>A one-time code stood where only the account can write: control of the account now.</summary>
    AccountCode,

    /// <summary>A sign-in at the platform: control of the account now.</summary>
    SignIn,

    /// <summary>The provider's signed e-mail to the address of the export: control of the mailbox that the account has.</summary>
    Email,

    /// <summary>The validator fetched the export from the provider itself: authentic, and the account's.</summary>
    Fetched,

    /// <summary>A fresh sign-in with an identity that the export links to the account.</summary>
    [JsonStringEnumMemberName("openid")]
    OpenId,
}

public static class EvidenceLevels
{
    /// <summary>From here on an account is proved, is valued on its own and can take over what an unproved one holds.</summary>
    public const EvidenceLevel FirstProved = EvidenceLevel.AccountCode;

    public static bool IsProved(this EvidenceLevel level) => level >= FirstProved;

    /// <summary>As on the wire and in policies: <c>account_code</c>.</summary>
    public static string Name(this EvidenceLevel level) => level switch
    {
        EvidenceLevel.Wallet => "wallet",
        EvidenceLevel.Structure => "structure",
        EvidenceLevel.AccountCode => "account_code",
        EvidenceLevel.SignIn => "sign_in",
        EvidenceLevel.Email => "email",
        EvidenceLevel.Fetched => "fetched",
        EvidenceLevel.OpenId => "openid",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "There is no such level."),
    };
}
