using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>What is said in each round, and how it is checked.</summary>
public sealed partial class KeyCeremony
{
    private const int SealedShareSize = 32 + (2 * ScalarMath.Size) + ScalarMath.Size;

    private CeremonyFault? Read(int round, int from, ReadOnlySpan<byte> message)
    {
        try
        {
            return round switch
            {
                0 => ReadHello(from, CeremonyJson.Read<CeremonyHello>(message)),
                1 => ReadOpening(from, message),
                2 => ReadDeal(from, CeremonyJson.Read<CeremonyDeal>(message)),
                _ => ReadVerdict(from, CeremonyJson.Read<CeremonyVerdict>(message)),
            };
        }
        catch (Exception refusal) when (refusal is AgeException or FormatException or ArgumentException)
        {
            return Blame(from, "ceremony.malformed", $"Guardian {from}'s message of round {round} is refused. {refusal.Message}");
        }
    }

    private CeremonyFault? ReadHello(int from, CeremonyHello hello)
    {
        if (hello.Commitment.Length != 64) return Blame(from, "ceremony.malformed", $"Guardian {from}'s commitment is not a SHA-256 digest.");
        recipients[from - 1] = X25519Recipient.Parse(hello.Recipient);
        // A recipient of low order cannot be encrypted to; better known now than in round 2.
        _ = AgeFile.Seal([], recipients[from - 1]);
        return null;
    }

    private CeremonyFault? ReadOpening(int from, ReadOnlySpan<byte> message)
    {
        var hello = CeremonyJson.Read<CeremonyHello>(received[0][from - 1]);
        if (HashOpening(from, message) != hello.Commitment)
            return Blame(from, "ceremony.changed_opening", $"Guardian {from} opened something else than it had committed to.");

        var opening = CeremonyJson.Read<CeremonyOpening>(message);
        if (opening.Commitments.Count != Terms.Threshold)
            return Blame(from, "ceremony.malformed", $"Guardian {from} made {opening.Commitments.Count} commitments, not {Terms.Threshold}.");
        commitments[from - 1] = [.. opening.Commitments.Select(c => GroupPoint.Parse(Convert.FromHexString(c)))];
        return DealerPolynomial.Knows(terms, from, commitments[from - 1][0], Convert.FromHexString(opening.Proof))
            ? null
            : Blame(from, "ceremony.bad_proof", $"Guardian {from} does not prove that it knows its own part of the key.");
    }

    private CeremonyFault? ReadDeal(int from, CeremonyDeal deal) => deal.Shares.Count == Terms.Guardians
        ? null
        : Blame(from, "ceremony.malformed", $"Guardian {from} dealt {deal.Shares.Count} shares, not {Terms.Guardians}.");

    private CeremonyFault? ReadVerdict(int from, CeremonyVerdict verdict)
    {
        if (verdict.Dealer is { } dealer)
        {
            ThresholdKey.CheckIndex(dealer, Terms.Guardians);
            var detail = verdict.Detail is { Length: <= 300 } text ? text : "";
            return new CeremonyFault(dealer, from, verdict.Code is { Length: <= 60 } code ? code : "ceremony.complaint", detail);
        }

        return verdict.Transcript == Convert.ToHexStringLower(Transcript())
            ? null
            : Blame(from, "ceremony.transcript_differs", $"Guardian {from} was told other things than this guardian: the relay or {from} lies.");
    }

    private byte[] WriteOpening() => CeremonyJson.Write(new CeremonyOpening(
        [.. polynomial.Commit().Select(c => c.ToString())], Convert.ToHexStringLower(polynomial.Prove(terms, Self))));

    private byte[] WriteDeal() => CeremonyJson.Write(new CeremonyDeal(
        [.. Enumerable.Range(1, Terms.Guardians).Select(to => to == Self ? "" : Convert.ToBase64String(SealShare(to)))]));

    private byte[] SealShare(int to)
    {
        using var value = polynomial.Evaluate(to);
        using var plaintext = new SecretBytes(SealedShareSize);
        WriteShareFrame(Self, to, plaintext.Span);
        value.Span.CopyTo(plaintext.Span[^ScalarMath.Size..]);
        return AgeFile.Seal(plaintext.Span, recipients[to - 1]);
    }

    // The frame binds a share to ceremony, dealer and receiver, so that a relay cannot use it elsewhere.
    private void WriteShareFrame(int dealer, int receiver, Span<byte> frame)
    {
        terms.CopyTo(frame);
        ScalarMath.FromSmall(dealer, frame[terms.Length..][..ScalarMath.Size]);
        ScalarMath.FromSmall(receiver, frame[(terms.Length + ScalarMath.Size)..][..ScalarMath.Size]);
    }

    /// <summary>Opens and checks the share from every dealer; the sum is this guardian's share of the key.</summary>
    private bool TryCombine()
    {
        using var own = polynomial.Evaluate(Self);
        var sum = SecretBytes.CopyOf(own.Span);
        try
        {
            foreach (var dealer in Enumerable.Range(1, Terms.Guardians).Where(d => d != Self))
            {
                using var value = OpenShare(dealer);
                if (value is null || !DealerPolynomial.ShareFits(commitments[dealer - 1], Self, value.Span))
                {
                    Complain(dealer);
                    return false;
                }

                Sodium.ScalarAdd(sum.Span, sum.Span, value.Span);
            }

            var combined = Enumerable.Range(0, Terms.Threshold)
                .Select(k => commitments.Select(c => c[k]).Aggregate((a, b) => a.Plus(b))).ToList();
            share = new KeyShare(new ThresholdKey(Terms.Guardians, combined), Self, SecretBytes.CopyOf(sum.Span));
            return true;
        }
        finally
        {
            sum.Dispose();
        }
    }

    private SecretBytes? OpenShare(int dealer)
    {
        try
        {
            var deal = CeremonyJson.Read<CeremonyDeal>(received[2][dealer - 1]);
            using var plaintext = AgeFile.Open(Convert.FromBase64String(deal.Shares[Self - 1]), identity);
            Span<byte> frame = stackalloc byte[SealedShareSize - ScalarMath.Size];
            WriteShareFrame(dealer, Self, frame);
            return plaintext.Length == SealedShareSize && plaintext.Span.StartsWith(frame)
                ? SecretBytes.CopyOf(plaintext.Span[^ScalarMath.Size..])
                : null;
        }
        catch (Exception refusal) when (refusal is AgeException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private void Complain(int dealer)
    {
        Fail(dealer, "ceremony.bad_share", $"The share that guardian {dealer} sent to guardian {Self} does not fit its commitments.");
        Round = 3;
        own[3] ??= CeremonyJson.Write(new CeremonyVerdict(null, dealer, Fault!.Code, Fault.Detail));
    }

    private CeremonyFault Blame(int dealer, string code, string detail) => new(dealer, Self, code, detail);
}
