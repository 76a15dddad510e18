using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commonhold.Client;

/// <summary>Every record that crosses the wire, with the rules of protocol.md: camelCase, absent instead of null, strict reading.</summary>
/// <remarks>Generated at compile time. A missing or null field and a field that stands twice are refused; unknown fields are
/// ignored, so that a newer side can say more.</remarks>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    AllowDuplicateProperties = false,
    AllowTrailingCommas = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 16,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [
        typeof(SignatureConverter),
        typeof(CamelCaseEnum<GrantMode>),
        typeof(CamelCaseEnum<Pricing>),
        typeof(CamelCaseEnum<ContributionState>),
        typeof(CamelCaseEnum<RelayState>),
        typeof(SnakeCaseEnum<CheckOutcome>),
        typeof(SnakeCaseEnum<EvidenceLevel>),
        typeof(SnakeCaseEnum<RequestState>),
    ])]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(ManifestJson))]
[JsonSerializable(typeof(Leaf))]
[JsonSerializable(typeof(ContributionTerms))]
[JsonSerializable(typeof(SignedContribution))]
[JsonSerializable(typeof(ContributionSubmission))]
[JsonSerializable(typeof(Verdict))]
[JsonSerializable(typeof(SignedVerdict))]
[JsonSerializable(typeof(VerdictSubmission))]
[JsonSerializable(typeof(Report))]
[JsonSerializable(typeof(ValueExplanation))]
[JsonSerializable(typeof(BatchMessage))]
[JsonSerializable(typeof(BatchProposal))]
[JsonSerializable(typeof(BatchSignature))]
[JsonSerializable(typeof(BatchInfo))]
[JsonSerializable(typeof(IReadOnlyList<BatchInfo>))]
[JsonSerializable(typeof(GrantTerms))]
[JsonSerializable(typeof(DaoInfo))]
[JsonSerializable(typeof(ValidatorRecipient))]
[JsonSerializable(typeof(UploadRequest))]
[JsonSerializable(typeof(ContributionStatus))]
[JsonSerializable(typeof(IReadOnlyList<ContributionStatus>))]
[JsonSerializable(typeof(ContributionProof))]
[JsonSerializable(typeof(RewardStatus))]
[JsonSerializable(typeof(RewardProof))]
[JsonSerializable(typeof(ValidatorWork))]
[JsonSerializable(typeof(RequestView))]
[JsonSerializable(typeof(IReadOnlyList<RequestView>))]
[JsonSerializable(typeof(ProposalView))]
[JsonSerializable(typeof(IReadOnlyList<ProposalView>))]
[JsonSerializable(typeof(IReadOnlyList<DistributionView>))]
[JsonSerializable(typeof(IReadOnlyList<ClaimableView>))]
[JsonSerializable(typeof(FaucetWish))]
[JsonSerializable(typeof(FaucetReceipt))]
[JsonSerializable(typeof(RelayVote))]
[JsonSerializable(typeof(RelayDelegation))]
[JsonSerializable(typeof(ProposalStep))]
[JsonSerializable(typeof(ProposalStepWish))]
[JsonSerializable(typeof(VotingPower))]
[JsonSerializable(typeof(RelayClaims))]
[JsonSerializable(typeof(RelayRevenueClaim))]
[JsonSerializable(typeof(RelayWithdrawal))]
[JsonSerializable(typeof(RelayReceipt))]
[JsonSerializable(typeof(RelayStatus))]
[JsonSerializable(typeof(GuardianInfo))]
[JsonSerializable(typeof(ReleaseRequest))]
[JsonSerializable(typeof(ReleaseAnswer))]
[JsonSerializable(typeof(CeremonyPut))]
[JsonSerializable(typeof(CeremonyPost))]
[JsonSerializable(typeof(IReadOnlyList<CeremonyPost>))]
public sealed partial class WireJson : JsonSerializerContext;

/// <summary><c>Raw</c> is <c>"raw"</c>; numbers are not accepted.</summary>
public sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary><c>NotChecked</c> is <c>"not_checked"</c>.</summary>
public sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
