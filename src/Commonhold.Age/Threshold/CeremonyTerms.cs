using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>What every guardian of a key ceremony agrees on before it starts.</summary>
/// <param name="Id">Names this ceremony and no other, for example a digest of chain, registry and epoch.</param>
/// <param name="Threshold">t: how many guardians open a file.</param>
/// <param name="Guardians">n: how many there are, at most 64.</param>
public sealed record CeremonyTerms(ReadOnlyMemory<byte> Id, int Threshold, int Guardians)
{
    internal byte[] Digest()
    {
        ThresholdKey.CheckShape(Threshold, Guardians);
        if (Id.Length is 0 or > 1024) throw new ArgumentException("A ceremony id has 1 to 1,024 bytes.");
        var terms = new byte[12 + Id.Length];
        BinaryPrimitives.WriteInt32LittleEndian(terms, Threshold);
        BinaryPrimitives.WriteInt32LittleEndian(terms.AsSpan(4), Guardians);
        BinaryPrimitives.WriteInt32LittleEndian(terms.AsSpan(8), Id.Length);
        Id.CopyTo(terms.AsMemory(12));
        return SHA256.HashData([.. "commonhold/v1/ceremony\n"u8, .. terms]);
    }
}

/// <summary>Why a ceremony ended without a key, and whose doing it was.</summary>
/// <param name="Dealer">The guardian whose message is wrong.</param>
/// <param name="Accuser">The guardian that found it so: this one, or the sender of a complaint.</param>
/// <param name="Code">Stable, such as <c>ceremony.bad_share</c>.</param>
/// <param name="Detail">One sentence for people.</param>
public sealed record CeremonyFault(int Dealer, int Accuser, string Code, string Detail);
