using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>One guardian's side of the distributed key generation: out comes a key that nobody holds (design.md §3).</summary>
/// <remarks>
/// Rounds, each complete when all n messages are in: 0 recipient and hash of round 1; 1 Feldman commitments and proof of
/// knowledge; 2 shares, age-encrypted to each guardian; 3 digest of the transcript, or a complaint that names a dealer.
/// Trusts: that <see cref="Accept"/> is given messages whose sender was authenticated (the guardians sign them). Verifies
/// everything else. Any fault ends the ceremony: a key is made with all n guardians or not at all.
/// Crash-safe if the caller stores <see cref="Save"/> before it publishes a message: a restarted guardian says the same.
/// </remarks>
public sealed partial class KeyCeremony : IDisposable
{
    /// <summary>Rounds are numbered 0 to 3; <see cref="Round"/> is 4 when the key stands.</summary>
    public const int Rounds = 4;

    private readonly X25519Identity identity;
    private readonly byte[] terms;
    private readonly DealerPolynomial polynomial;
    private readonly byte[]?[] own = new byte[Rounds][];
    private readonly byte[]?[][] received;
    private readonly X25519Recipient[] recipients;
    private readonly GroupPoint[][] commitments;

    private KeyCeremony(CeremonyTerms terms, int self, X25519Identity identity, DealerPolynomial polynomial)
    {
        ThresholdKey.CheckIndex(self, terms.Guardians);
        Terms = terms;
        Self = self;
        this.identity = identity;
        this.polynomial = polynomial;
        this.terms = terms.Digest();
        received = [.. Enumerable.Range(0, Rounds).Select(_ => new byte[]?[terms.Guardians])];
        recipients = new X25519Recipient[terms.Guardians];
        commitments = new GroupPoint[terms.Guardians][];
    }

    public CeremonyTerms Terms { get; }

    /// <summary>This guardian's number, from 1.</summary>
    public int Self { get; }

    /// <summary>The round whose messages are being collected; 4 when the key stands.</summary>
    public int Round { get; private set; }

    /// <summary>Set when the ceremony has failed, and then for good.</summary>
    public CeremonyFault? Fault { get; private set; }

    /// <summary>True when every guardian has confirmed the same transcript.</summary>
    public bool IsComplete => Round == Rounds && Fault is null;

    /// <summary>This guardian's share, once <see cref="IsComplete"/>; lives as long as the ceremony.</summary>
    public KeyShare? Share => IsComplete ? share : null;

    /// <summary>Guardians whose message of this round is still missing.</summary>
    public IReadOnlyList<int> Missing => Round == Rounds || Fault is not null
        ? []
        : [.. Enumerable.Range(1, Terms.Guardians).Where(from => received[Round][from - 1] is null)];

    private KeyShare? share;

    /// <param name="terms">The same for every guardian.</param>
    /// <param name="self">This guardian's number, from 1.</param>
    /// <param name="identity">This guardian's own age identity; stays the caller's.</param>
    public static KeyCeremony Start(CeremonyTerms terms, int self, X25519Identity identity)
    {
        var ceremony = new KeyCeremony(terms, self, identity, DealerPolynomial.Generate(terms.Threshold));
        ceremony.own[1] = ceremony.WriteOpening();
        ceremony.Enter(0);
        return ceremony;
    }

    /// <summary>This guardian's message of a round it has reached, or null. Store <see cref="Save"/> before publishing it.</summary>
    public byte[]? MessageOf(int round) => round <= Round && round < Rounds ? own[round] : null;

    /// <summary>Takes in a message; returns false when it was known already or the ceremony is over.</summary>
    /// <exception cref="AgeException"><c>age.ceremony_state</c>: it belongs to a round that has not begun.</exception>
    public bool Accept(int round, int from, ReadOnlySpan<byte> message)
    {
        ThresholdKey.CheckIndex(from, Terms.Guardians);
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(round, Rounds);
        if (Fault is not null) return false;
        if (round > Round)
            throw new AgeException(AgeErrors.CeremonyState, $"Round {round} has not begun: round {Round} lacks {string.Join(", ", Missing)}.");

        if (received[round][from - 1] is { } known)
        {
            if (!message.SequenceEqual(known)) Fail(from, "ceremony.two_messages", $"Guardian {from} sent two messages in round {round}.");
            return false;
        }

        if (Read(round, from, message) is { } fault)
        {
            Fault = fault;
            return true;
        }

        received[round][from - 1] = message.ToArray();
        if (Missing.Count == 0) Complete(round);
        return true;
    }

    public void Dispose()
    {
        polynomial.Dispose();
        share?.Dispose();
    }

    private void Enter(int round)
    {
        Round = round;
        own[round] ??= round switch
        {
            0 => CeremonyJson.Write(new CeremonyHello(identity.Recipient.ToString(), HashOpening(Self, own[1]))),
            2 => WriteDeal(),
            3 => CeremonyJson.Write(new CeremonyVerdict(Convert.ToHexStringLower(Transcript()), null, null, null)),
            _ => own[round],
        };
        Accept(round, Self, own[round]);
    }

    private void Complete(int round)
    {
        if (round == 2 && !TryCombine()) return;
        if (round + 1 < Rounds) Enter(round + 1);
        else Round = Rounds;
    }

    private void Fail(int dealer, string code, string detail) => Fault = new CeremonyFault(dealer, Self, code, detail);

    private string HashOpening(int from, ReadOnlySpan<byte> opening)
    {
        Span<byte> number = stackalloc byte[ScalarMath.Size];
        ScalarMath.FromSmall(from, number);
        return Convert.ToHexStringLower(SHA256.HashData([.. "commonhold/v1/ceremony-commitment\n"u8, .. terms, .. number, .. opening]));
    }

    /// <summary>Digest of the terms and of every message of rounds 0 to 2.</summary>
    private byte[] Transcript()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("commonhold/v1/ceremony-transcript\n"u8);
        hash.AppendData(terms);
        foreach (var round in received.Take(3))
        {
            foreach (var message in round) hash.AppendData(SHA256.HashData(message!));
        }

        return hash.GetHashAndReset();
    }
}
