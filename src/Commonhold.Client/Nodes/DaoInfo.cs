using System.Text;
using System.Text.Json.Serialization;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary><c>GET /v1/dao</c>: what a member's program must know before it contributes (protocol.md §5).</summary>
/// <param name="Trial">True when votes last seconds and keys are kept for convenience; every page and command says so.</param>
/// <param name="ChainTime">The head's <c>block.timestamp</c>: every deadline is in chain time.</param>
/// <param name="TrialCurrency">A test currency, on a trial DAO.</param>
/// <param name="PublicRpc">The chain endpoint through which browsers check what this node says, and send.</param>
public sealed record DaoInfo(
    int Version,
    bool Trial,
    string Name,
    ulong ChainId,
    ulong ChainTime,
    ulong Head,
    DaoContracts Contracts,
    DatasetInfo Dataset,
    GuardiansInfo Guardians,
    ValidatorsInfo Validators,
    BatchingRule Batching,
    NodeLimits Limits,
    Address? TrialCurrency = null,
    Uri? PublicRpc = null)
{
    public const int CurrentVersion = 1;

    /// <summary>The domain under which members and validators sign.</summary>
    public CommonholdDomain RegistryDomain => new(ChainId, Contracts.Registry);

    public CommonholdDomain GuardiansDomain => new(ChainId, Contracts.Guardians);
}

/// <summary>The contracts of one DAO (design §5).</summary>
public sealed record DaoContracts(
    Address Dao,
    Address Token,
    Address Registry,
    Address Guardians,
    Address Pool,
    Address Market,
    Address Governor,
    Address Timelock);

/// <param name="Recipient"><c>age1…</c>; null until the guardians' first ceremony is over.</param>
/// <param name="Active">True when files may be encrypted to it.</param>
/// <param name="Schema">keccak256 of <paramref name="SchemaName"/>, as it stands in leaves.</param>
/// <param name="PolicyDigest">What the registry holds: SHA-256 of the policy that contributions are judged by.</param>
public sealed record DatasetInfo(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Recipient, uint KeyEpoch, bool Active, Bytes32 Schema, string SchemaName,
    Bytes32 PolicyDigest);

/// <param name="Threshold">How many guardians open a file.</param>
public sealed record GuardiansInfo(uint Threshold, IReadOnlyList<GuardianEndpoint> Members);

/// <param name="Index">From 1.</param>
public sealed record GuardianEndpoint(uint Index, Address Address, Uri? Url = null);

/// <param name="Threshold">How many validators sign a batch.</param>
public sealed record ValidatorsInfo(uint Threshold, IReadOnlyList<ValidatorInfo> Members);

/// <param name="Recipient">The <c>age1…</c> that tickets are sealed to, once the validator has published it.</param>
/// <param name="Signature">The validator's, over <see cref="ValidatorRecipient.Digest"/>: the recipient is not the node's to choose.</param>
public sealed record ValidatorInfo(Address Address, string? Recipient = null, Signature? Signature = null)
{
    public bool HasValidRecipient(Address registry) =>
        Recipient is not null && Signature is { } signature
        && Secp256k1Key.TryRecover(ValidatorRecipient.Digest(registry, Recipient), signature, out Address signer)
        && signer == Address;
}

/// <summary><c>PUT /v1/validators/{address}</c>: where tickets for this validator go.</summary>
public sealed record ValidatorRecipient(string Recipient, Signature Signature)
{
    public static ValidatorRecipient Create(Secp256k1Key key, Address registry, string recipient) =>
        new(recipient, key.Sign(Digest(registry, recipient)));

    /// <summary>keccak256("commonhold-validator-recipient" ‖ registry ‖ recipient).</summary>
    public static Bytes32 Digest(Address registry, string recipient) =>
        Keccak256.Hash([.. "commonhold-validator-recipient"u8, .. registry.AsSpan(), .. Encoding.UTF8.GetBytes(recipient)]);
}

/// <param name="MaxContributionBytes">The longest age file that the node takes.</param>
public sealed record NodeLimits(ulong MaxContributionBytes, uint RelaysPerAccountAndDay);

/// <summary>A batch is committed when it holds so many contributions, or when its oldest has waited so long.</summary>
public sealed record BatchingRule(uint MaxCount, uint MaxAgeSeconds);
