using System.Buffers.Binary;

namespace Commonhold.Age;

/// <summary>The secret state between two runs of a guardian: polynomial and messages; the rest is replayed.</summary>
public sealed partial class KeyCeremony
{
    private static readonly byte[] Magic = "commonhold ceremony 1\n"u8.ToArray();

    /// <summary>Everything that a restart needs, secret, to be kept sealed; <see cref="Restore"/> reads it.</summary>
    public SecretBytes Save()
    {
        var messages = own.Concat(received.SelectMany(round => round)).ToList();
        var saved = new SecretBytes(
            Magic.Length + 16 + Terms.Id.Length + (Terms.Threshold * ScalarMath.Size) + messages.Sum(m => 4 + (m?.Length ?? 0)));
        var writer = new StateWriter(saved.Span);
        writer.Bytes(Magic);
        writer.Number(Self);
        writer.Number(Terms.Threshold);
        writer.Number(Terms.Guardians);
        writer.Number(Terms.Id.Length);
        writer.Bytes(Terms.Id.Span);
        foreach (var coefficient in polynomial.Coefficients) writer.Bytes(coefficient.Span);
        foreach (var message in messages)
        {
            writer.Number(message?.Length ?? -1);
            writer.Bytes(message);
        }

        return saved;
    }

    /// <param name="state">What <see cref="Save"/> returned.</param>
    /// <param name="identity">The same identity as at the start.</param>
    /// <exception cref="AgeException"><c>age.ceremony_state</c>: damaged, or of another identity.</exception>
    public static KeyCeremony Restore(ReadOnlySpan<byte> state, X25519Identity identity)
    {
        try
        {
            var reader = new StateReader(state);
            if (!reader.Bytes(Magic.Length).SequenceEqual(Magic)) throw Damaged();
            var self = reader.Number();
            var threshold = reader.Number();
            var guardians = reader.Number();
            var terms = new CeremonyTerms(reader.Bytes(reader.Number()).ToArray(), threshold, guardians);
            ThresholdKey.CheckShape(threshold, guardians);
            var coefficients = new SecretBytes[threshold];
            for (var k = 0; k < threshold; k++) coefficients[k] = SecretBytes.CopyOf(reader.Bytes(ScalarMath.Size));

            var ceremony = new KeyCeremony(terms, self, identity, new DealerPolynomial(coefficients));
            ceremony.Replay(ref reader);
            return ceremony;
        }
        catch (ArgumentException)
        {
            throw Damaged();
        }
    }

    private void Replay(ref StateReader reader)
    {
        for (var round = 0; round < Rounds; round++) own[round] = reader.Message();
        if (own[0] is null || CeremonyJson.Read<CeremonyHello>(own[0]).Recipient != identity.Recipient.ToString())
            throw new AgeException(AgeErrors.CeremonyState, "The ceremony was begun with another identity.");

        Enter(0);
        for (var round = 0; round < Rounds; round++)
        {
            for (var from = 1; from <= Terms.Guardians; from++)
            {
                if (reader.Message() is { } message) Accept(round, from, message);
            }
        }
    }

    private static AgeException Damaged() => new(AgeErrors.CeremonyState, "The saved ceremony is damaged.", "Start a new one.");

    private ref struct StateWriter(Span<byte> rest)
    {
        private Span<byte> rest = rest;

        internal void Number(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, value);
            rest = rest[4..];
        }

        internal void Bytes(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(rest);
            rest = rest[bytes.Length..];
        }
    }

    private ref struct StateReader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> rest = rest;

        internal int Number()
        {
            var value = BinaryPrimitives.ReadInt32LittleEndian(rest);
            rest = rest[4..];
            return value;
        }

        internal ReadOnlySpan<byte> Bytes(int length)
        {
            var bytes = rest[..length];
            rest = rest[length..];
            return bytes;
        }

        internal byte[]? Message() => Number() is >= 0 and var length ? Bytes(length).ToArray() : null;
    }
}
