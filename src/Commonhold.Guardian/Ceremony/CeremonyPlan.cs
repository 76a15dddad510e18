using System.Buffers.Binary;
using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Guardians.Chain;

namespace Commonhold.Guardians.Ceremony;

/// <summary>One key ceremony as the chain announces it: which epoch, whose, and who signs what.</summary>
internal sealed class CeremonyPlan
{
    private readonly IReadOnlyList<Address> _guardians;

    private CeremonyPlan(DaoReference dao, uint epoch, GuardianRegistry.Epoch reading, int self)
    {
        Epoch = epoch;
        _guardians = reading.Guardians;
        Self = self;
        Domain = new CommonholdDomain(dao.ChainId, dao.Guardians.Address);
        Terms = new CeremonyTerms(Id(dao, epoch, reading.Guardians), (int)reading.Threshold, reading.Guardians.Count);
    }

    public uint Epoch { get; }

    /// <summary>This guardian's number, from 1.</summary>
    public int Self { get; }

    public CeremonyTerms Terms { get; }

    private CommonholdDomain Domain { get; }

    /// <exception cref="GuardianException">The account is no guardian of the epoch.</exception>
    public static CeremonyPlan Of(DaoReference dao, uint epoch, GuardianRegistry.Epoch reading, Address account)
    {
        var place = reading.Guardians.ToList().IndexOf(account);
        return place >= 0 ? new CeremonyPlan(dao, epoch, reading, place + 1) : throw new GuardianException(
            ReleaseCodes.CeremonyNotGuardian, $"{account} is not among the {reading.Guardians.Count} guardians of epoch {epoch}.",
            "The DAO names guardians by vote; is this the right key file, DAO and chain?");
    }

    public CeremonyPut Sign(int round, byte[] message, Secp256k1Key account) =>
        new(message, Typed(round, Self, message).Sign(account, Domain));

    /// <summary>Whether guardian <paramref name="from"/> itself wrote the message; the relay is not asked to be honest.</summary>
    public bool IsSigned(int round, int from, CeremonyPost post) =>
        from >= 1 && from <= _guardians.Count && Typed(round, from, post.Message).IsSignedBy(_guardians[from - 1], post.Signature, Domain);

    private CeremonyMessage Typed(int round, int from, byte[] message) =>
        new(Epoch, (byte)round, _guardians[from - 1], Bytes32.FromSpan(SHA256.HashData(message)));

    /// <summary>Names this ceremony and no other: chain, registry, epoch, guardians in order.</summary>
    private static byte[] Id(DaoReference dao, uint epoch, IReadOnlyList<Address> guardians)
    {
        using MemoryStream id = new();
        Span<byte> number = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(number, dao.ChainId);
        BinaryPrimitives.WriteUInt32BigEndian(number[8..], epoch);
        id.Write("commonhold/ceremony-id\n"u8);
        id.Write(number);
        id.Write(dao.Guardians.Address.AsSpan());
        foreach (var guardian in guardians)
            id.Write(guardian.AsSpan());
        return SHA256.HashData(id.ToArray());
    }
}
