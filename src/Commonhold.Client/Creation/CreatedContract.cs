using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>One of the eight contracts that are a DAO: its code, and the digests by which everybody knows it (docs/contract-digests.md).</summary>
public sealed class CreatedContract
{
    private readonly ContractArtifact _artifact;

    private CreatedContract(string name) => (Name, _artifact) = (name, Artifacts.Load(name));

    /// <summary>All of them, in the order of their creation (protocol.md §3).</summary>
    public static IReadOnlyList<CreatedContract> All { get; } =
    [
        new("TimelockController"), new("DataToken"), new("DataGovernor"), new("GuardianRegistry"),
        new("ContributionRegistry"), new("RevenuePool"), new("AccessMarket"), new("DataDao"),
    ];

    public string Name { get; }

    /// <summary>What a creating transaction carries before the constructor's arguments.</summary>
    public ReadOnlyMemory<byte> CreationCode => _artifact.InitCode;

    /// <summary>keccak-256 of <see cref="CreationCode"/>.</summary>
    public Bytes32 CreationDigest => _artifact.InitCodeDigest;

    /// <summary>keccak-256 of the code that stands afterwards, with zeros where the constructor puts values of its own.</summary>
    public Bytes32 RuntimeDigest => _artifact.RuntimeDigest;

    /// <summary>Whether code on a chain is this contract's, whatever values its constructor put in.</summary>
    public bool IsCodeOf(ReadOnlySpan<byte> standing) => _artifact.DigestOf(standing) == RuntimeDigest;

    internal ReadOnlyMemory<byte> RuntimeCode => _artifact.RuntimeCode;
}
