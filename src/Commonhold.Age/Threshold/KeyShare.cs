using System.Buffers.Binary;

namespace Commonhold.Age;

/// <summary>One guardian's share s_i of a dataset key: answers P_i = s_i·E for an ephemeral share E.</summary>
/// <remarks>Guarantee: an answer is given only for a point of the prime-order subgroup, so that it tells nothing about
/// s_i. The u→point map is public arithmetic, one inversion for 64 shares; canonical encoding, curve, low order and
/// subgroup are checked by libsodium inside the very multiplication. Thread-safe. Wiped when disposed.</remarks>
public sealed class KeyShare : IDisposable
{
    private static readonly byte[] Magic = "commonhold key share 1\n"u8.ToArray();

    private readonly SecretBytes scalar;

    internal KeyShare(ThresholdKey key, int index, SecretBytes scalar)
    {
        ThresholdKey.CheckIndex(index, key.Guardians);
        Key = key;
        Index = index;
        this.scalar = scalar;
        if (!GroupPoint.BaseTimes(scalar.Span).Equals(key.PublicShare(index)))
            throw new AgeException(AgeErrors.Identity, $"The key share is not that of guardian {index} of {key.Recipient}.");
    }

    /// <summary>The guardian's number, from 1.</summary>
    public int Index { get; }

    public ThresholdKey Key { get; }

    /// <summary>Answers shares of 32 bytes each, in order, with 32 bytes each.</summary>
    /// <returns>How many were refused; the answer to a refused share is 32 zero bytes (<see cref="PartialAnswer.IsRefusal"/>).</returns>
    public int Answer(ReadOnlySpan<byte> shares, Span<byte> answers)
    {
        if (shares.Length % Birational.Size != 0 || answers.Length != shares.Length)
            throw new ArgumentException("Shares and answers are 32 bytes each, as many of one as of the other.");

        var refused = 0;
        Span<byte> points = stackalloc byte[Birational.BatchSize * Birational.Size];
        while (!shares.IsEmpty)
        {
            var length = Math.Min(shares.Length, points.Length);
            Birational.ToEdwards(shares[..length], points[..length]);
            for (var at = 0; at < length; at += Birational.Size)
            {
                var answer = answers.Slice(at, Birational.Size);
                if (Sodium.PointMultiply(answer, scalar.Span, points.Slice(at, Birational.Size)) == 0) continue;
                answer.Clear();
                refused++;
            }

            shares = shares[length..];
            answers = answers[length..];
        }

        return refused;
    }

    /// <summary>Answers one share.</summary>
    /// <exception cref="AgeException"><c>age.share_refused</c></exception>
    public PartialAnswer Answer(ReadOnlySpan<byte> share) =>
        new(Index, GroupPoint.FromShare(share).Times(scalar.Span).Bytes.ToArray());

    /// <summary>Proves that the answer to <paramref name="share"/> was made with this key share.</summary>
    /// <exception cref="AgeException"><c>age.share_refused</c></exception>
    public DleqProof Prove(ReadOnlySpan<byte> share)
    {
        var point = GroupPoint.FromShare(share);
        return DleqProof.Create(Key, Index, scalar, point, point.Times(scalar.Span));
    }

    /// <summary>The share with its key, to be kept sealed; <see cref="Load"/> reads it.</summary>
    public SecretBytes Save()
    {
        var saved = new SecretBytes(Magic.Length + 12 + (GroupPoint.Size * Key.Threshold) + ScalarMath.Size);
        var span = saved.Span;
        Magic.CopyTo(span);
        span = span[Magic.Length..];
        BinaryPrimitives.WriteInt32LittleEndian(span, Key.Threshold);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], Key.Guardians);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], Index);
        span = span[12..];
        foreach (var commitment in Key.Commitments)
        {
            commitment.Bytes.CopyTo(span);
            span = span[GroupPoint.Size..];
        }

        scalar.Span.CopyTo(span);
        return saved;
    }

    /// <exception cref="AgeException"><c>age.identity</c>: damaged, or a share that does not fit its key.</exception>
    public static KeyShare Load(ReadOnlySpan<byte> saved)
    {
        if (!saved.StartsWith(Magic) || saved.Length < Magic.Length + 12) throw Damaged();
        var span = saved[Magic.Length..];
        var threshold = BinaryPrimitives.ReadInt32LittleEndian(span);
        var guardians = BinaryPrimitives.ReadInt32LittleEndian(span[4..]);
        var index = BinaryPrimitives.ReadInt32LittleEndian(span[8..]);
        span = span[12..];
        if (threshold < 1 || threshold > guardians || guardians > ThresholdKey.MaxGuardians || index < 1 || index > guardians
            || span.Length != (GroupPoint.Size * threshold) + ScalarMath.Size) throw Damaged();

        var commitments = new GroupPoint[threshold];
        for (var k = 0; k < threshold; k++) commitments[k] = GroupPoint.Parse(span.Slice(k * GroupPoint.Size, GroupPoint.Size));
        return new KeyShare(new ThresholdKey(guardians, commitments), index, SecretBytes.CopyOf(span[^ScalarMath.Size..]));
    }

    public void Dispose() => scalar.Dispose();

    private static AgeException Damaged() => new(
        AgeErrors.Identity, "The saved key share is damaged.", "Restore it from the guardian's backup.");
}
