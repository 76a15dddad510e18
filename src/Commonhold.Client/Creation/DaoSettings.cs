using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>All that is decided when a DAO is created. Later only a vote changes what can be changed at all.</summary>
/// <param name="Name">Shown to people; its digest stands in the deed.</param>
/// <param name="Symbol">Of the token, up to 11 characters.</param>
/// <param name="SchemaName">The kind of data, for example <c>reddit-export-v1</c>.</param>
/// <param name="Guardians">Guardian i is the one at position i − 1.</param>
/// <param name="GuardianThreshold">How many guardians open a file.</param>
/// <param name="ValidatorThreshold">How many validators sign a batch.</param>
public sealed record DaoSettings(
    string Name,
    string Symbol,
    string SchemaName,
    IReadOnlyList<Address> Guardians,
    uint GuardianThreshold,
    IReadOnlyList<Address> Validators,
    uint ValidatorThreshold)
{
    public GovernanceRules Rules { get; init; } = GovernanceRules.Standard;

    /// <summary>True when the rules are those of a trial; everything that shows the DAO says so.</summary>
    public bool Trial { get; init; }

    /// <summary>Points that may be minted in one UTC day: bounds what stolen validator keys could mint before the DAO replaces them.
    /// Default 10¹² (1,000,000 tokens).</summary>
    public Points DailyLimit { get; init; } = new(1_000_000_000_000);

    public RevenueSplit Split { get; init; } = new();

    /// <summary>Tokens that nobody earned; off by default, and shown plainly wherever the DAO is shown.</summary>
    public FounderShare? Founder { get; init; }

    /// <summary>The policy document (<see cref="ContributionPolicy"/>), whose SHA-256 the registry gets: these bytes, to the letter.</summary>
    public byte[] Policy
    {
        get => field ?? (Trial ? ContributionPolicy.Trial(SchemaName) : ContributionPolicy.Standard(SchemaName)).ToJsonBytes();
        init;
    }

    /// <summary>SHA-256 of the DAO's metadata document; zero when there is none.</summary>
    public Bytes32 MetadataDigest { get; init; }

    /// <summary>Null, or what is wrong with these settings. The contracts check again.</summary>
    public Refusal? Check()
    {
        if (Name.Length is 0 or > 64)
            return new("dao.name_invalid", $"A DAO's name has 1 to 64 characters, not {Name.Length}.");
        if (Symbol.Length is 0 or > 11)
            return new("dao.symbol_invalid", $"A token's symbol has 1 to 11 characters, not {Symbol.Length}.");
        if (SchemaName.Length is 0 or > 64)
            return new("dao.schema_invalid", $"A schema's name has 1 to 64 characters, not {SchemaName.Length}.");
        if (GuardianThreshold == 0 || GuardianThreshold > Guardians.Count)
            return new("dao.guardians_invalid", $"{GuardianThreshold} of {Guardians.Count} guardians is not possible.");
        if (ValidatorThreshold == 0 || ValidatorThreshold > Validators.Count)
            return new("dao.validators_invalid", $"{ValidatorThreshold} of {Validators.Count} validators is not possible.");
        if (Guardians.Distinct().Count() != Guardians.Count || Validators.Distinct().Count() != Validators.Count)
            return new("dao.account_twice", "A guardian or validator stands twice in the list.");
        if (!ContributionPolicy.Parse(Policy).TryGet(out ContributionPolicy? policy, out Refusal? refusal))
            return refusal;
        if (policy.Schema != SchemaName)
            return new("policy.other_schema", $"The policy is for '{policy.Schema}'; the dataset takes '{SchemaName}'.");
        return Split.OperatorsBps + Split.TreasuryBps > 10_000
            ? new("dao.split_invalid", $"Operators {Split.OperatorsBps} and treasury {Split.TreasuryBps} basis points are more than the whole.")
            : null;
    }
}

/// <summary>How votes run. Times in whole seconds.</summary>
/// <param name="LateQuorumExtension">A vote that reaches its quorum late goes on for this long.</param>
/// <param name="ProposalThresholdBps">Part of the supply that a proposer must have votes for, in basis points.</param>
/// <param name="QuorumFloor">The least quorum in base units of the token, whatever the supply.</param>
/// <param name="TimelockDelay">Between a vote that passed and its execution.</param>
public sealed record GovernanceRules(
    uint VotingDelay,
    uint VotingPeriod,
    uint LateQuorumExtension,
    ushort ProposalThresholdBps,
    byte QuorumPercent,
    Wei QuorumFloor,
    uint TimelockDelay)
{
    private const uint Day = 86_400;

    /// <summary>Delay one day, period five days, quorum 4 %, threshold 0.5 % of supply, timelock two days.</summary>
    public static GovernanceRules Standard { get; } = new(Day, 5 * Day, Day, 50, 4, Wei.Zero, 2 * Day);

    /// <summary>The same in seconds to minutes, for trying things out.</summary>
    public static GovernanceRules Trial { get; } = new(5, 60, 20, 50, 4, Wei.Zero, 10);
}

/// <summary>Who gets what of a payment, in basis points; members get the rest.</summary>
public sealed record RevenueSplit(ushort OperatorsBps = 1_000, ushort TreasuryBps = 1_000)
{
    /// <summary>Null: the timelock, so that a vote decides.</summary>
    public Address? Operators { get; init; }

    /// <summary>Null: the timelock, so that a vote decides.</summary>
    public Address? Treasury { get; init; }
}

/// <param name="Units">Base units of the 18-decimal token.</param>
public sealed record FounderShare(Address Account, Wei Units);
