using System.Text.Json;

namespace Commonhold.Server.Creation;

/// <summary>A DAO that somebody is setting up, as it was typed: whatever does not fit yet is kept, and said.</summary>
internal sealed record DaoDraft
{
    public string Name { get; init; } = "";
    public string Symbol { get; init; } = "";
    public string Schema { get; init; } = "reddit-export-v1";

    /// <summary>A Frictionless descriptor, for data that no built-in format reads.</summary>
    public string Descriptor { get; init; } = "";

    /// <summary>A policy document, to the letter; empty for the standard one.</summary>
    public string Policy { get; init; } = "";
    public string Guardians { get; init; } = "";
    public string GuardianThreshold { get; init; } = "";
    public string Validators { get; init; } = "";
    public string ValidatorThreshold { get; init; } = "";
    public string VotingDelay { get; init; } = "1 day";
    public string VotingPeriod { get; init; } = "5 days";
    public string LateQuorum { get; init; } = "1 day";
    public string Timelock { get; init; } = "2 days";
    public string Quorum { get; init; } = "4";
    public string ProposalThreshold { get; init; } = "0.5";

    /// <summary>For the example only: how many members of equal weight.</summary>
    public string Members { get; init; } = "10";
    public string OperatorsShare { get; init; } = "10";
    public string TreasuryShare { get; init; } = "10";
    public string Operators { get; init; } = "";
    public string Treasury { get; init; } = "";
    public string DailyLimit { get; init; } = "1000000";
    public string FounderAccount { get; init; } = "";
    public string FounderTokens { get; init; } = "";

    public byte[] ToJsonBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static DaoDraft Parse(string json) => JsonSerializer.Deserialize<DaoDraft>(json) ?? new DaoDraft();
}

/// <summary>A field of the form that cannot stay as it is.</summary>
/// <param name="Field">The form's name for it.</param>
internal sealed record DraftProblem(string Field, string Message);
