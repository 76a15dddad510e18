using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What evidence has to be for: known once the file is encrypted.</summary>
/// <param name="Export">The member's file as the provider sent it; seekable.</param>
public sealed record EvidenceRequest(Bytes32 CiphertextDigest, Address Owner, DaoInfo Dao, ContributionPolicy Policy, Stream Export);

/// <summary>Gathers evidence for one contribution: reads files, asks the member, waits for a sign-in.</summary>
/// <returns>The items, which the caller disposes, or why there are none.</returns>
public delegate Task<Result<IReadOnlyList<EvidenceItem>>> EvidenceGatherer(EvidenceRequest request, CancellationToken cancellationToken);
