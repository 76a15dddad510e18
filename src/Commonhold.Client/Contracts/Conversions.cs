using System.Numerics;

namespace Commonhold.Client.Contracts;

/// <summary>Between the records of the wire and the structs of the contracts.</summary>
public static class Conversions
{
    public static ContributionRegistry.Batch ToContract(this BatchMessage batch) =>
        new(batch.BatchId.Value, batch.Previous, batch.Root, batch.Count, (BigInteger)batch.Points.Value, batch.RewardRoot,
            (BigInteger)batch.RewardPoints.Value);

    public static ContributionRegistry.Leaf ToContract(this Leaf leaf) =>
        new(leaf.Index, leaf.Owner, leaf.CiphertextDigest, leaf.Size, leaf.EphemeralShare, leaf.Schema, leaf.KeyEpoch,
            (BigInteger)leaf.Points.Value, leaf.Nullifier);

    public static AccessMarket.Terms ToContract(this GrantTerms terms) =>
        new((byte)terms.Mode, (byte)terms.Pricing, terms.Renewals, terms.Runs, terms.Duration, terms.Scope, terms.Currency,
            terms.Price.Value, terms.Recipient, terms.PurposeDigest, terms.JobDigest, terms.OutputPolicyDigest);

    public static GrantTerms ToTerms(this AccessMarket.Terms terms) =>
        new((GrantMode)terms.Mode, (Pricing)terms.Pricing, terms.Renewals, terms.Runs, terms.Duration, terms.Scope, terms.Currency,
            new Wei(terms.Price), terms.Recipient, terms.PurposeDigest, terms.JobDigest, terms.OutputPolicyDigest);

    public static ContributionRegistry.ClaimRecord ToContract(this RewardProof proof) =>
        new(proof.Account, (BigInteger)proof.CumulativePoints.Value, proof.Proof);
}
