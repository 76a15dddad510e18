using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>A Chaum–Pedersen proof that log_B(S_i) = log_E(P_i): the answer was made with the registered share.</summary>
/// <remarks>Made non-interactive by Fiat–Shamir; the challenge binds the dataset's point, the guardian's number and all
/// six points.</remarks>
public sealed class DleqProof
{
    public const int Size = 2 * ScalarMath.Size;

    private readonly byte[] challenge;
    private readonly byte[] response;

    private DleqProof(byte[] challenge, byte[] response) => (this.challenge, this.response) = (challenge, response);

    /// <exception cref="AgeException"><c>age.wrong_answer</c></exception>
    public static DleqProof Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size || !ScalarMath.IsCanonical(bytes[..ScalarMath.Size]) || !ScalarMath.IsCanonical(bytes[ScalarMath.Size..]))
            throw new AgeException(AgeErrors.WrongAnswer, "The proof is not two canonical scalars.");
        return new DleqProof(bytes[..ScalarMath.Size].ToArray(), bytes[ScalarMath.Size..].ToArray());
    }

    public byte[] ToBytes() => [.. challenge, .. response];

    /// <summary>True when <paramref name="answer"/> is the registered guardian's true answer to <paramref name="share"/>.</summary>
    public bool Proves(ThresholdKey key, ReadOnlySpan<byte> share, PartialAnswer answer)
    {
        if (answer.Guardian < 1 || answer.Guardian > key.Guardians || GroupPoint.TryParse(answer.Point.Span) is not { } product)
            return false;
        var point = GroupPoint.FromShare(share);
        var publicShare = key.PublicShare(answer.Guardian);
        try
        {
            // z·B − c·S = k·B and z·E − c·P = k·E.
            var first = GroupPoint.BaseTimes(response).Minus(publicShare.Times(challenge));
            var second = point.Times(response).Minus(product.Times(challenge));
            return Hash(key, answer.Guardian, point, product, first, second).AsSpan().SequenceEqual(challenge);
        }
        catch (AgeException refusal) when (refusal.Code == AgeErrors.PointRefused)
        {
            // An identity in between: no honest proof has one.
            return false;
        }
    }

    internal static DleqProof Create(ThresholdKey key, int index, SecretBytes scalar, GroupPoint point, GroupPoint product)
    {
        using var nonce = Nonce(scalar, point);
        var challenge = Hash(key, index, point, product, GroupPoint.BaseTimes(nonce.Span), point.Times(nonce.Span));
        var response = new byte[ScalarMath.Size];
        ScalarMath.Respond(nonce.Span, challenge, scalar.Span, response);
        return new DleqProof(challenge, response);
    }

    private static byte[] Hash(
        ThresholdKey key, int index, GroupPoint point, GroupPoint product, GroupPoint first, GroupPoint second) =>
        ScalarMath.Challenge(
            "commonhold/v1/answer-proof\n"u8, key.Point.Bytes.ToArray(), ScalarMath.Small(index), key.PublicShare(index).Bytes.ToArray(),
            point.Bytes.ToArray(), product.Bytes.ToArray(), first.Bytes.ToArray(), second.Bytes.ToArray());

    // Fresh randomness hashed with the secret: a weak generator alone cannot repeat a nonce.
    private static SecretBytes Nonce(SecretBytes scalar, GroupPoint point)
    {
        using var seed = new SecretBytes(128);
        RandomNumberGenerator.Fill(seed.Span[..64]);
        scalar.Span.CopyTo(seed.Span[64..]);
        point.Bytes.CopyTo(seed.Span[96..]);
        using var wide = new SecretBytes(64);
        SHA512.HashData(seed.Span, wide.Span);
        var nonce = new SecretBytes(ScalarMath.Size);
        Sodium.ScalarReduce(nonce.Span, wide.Span);
        return nonce;
    }
}
