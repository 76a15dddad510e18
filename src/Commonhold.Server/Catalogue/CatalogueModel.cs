using System.Numerics;
using Commonhold.Client;
using Commonhold.Server.Contributions;
using Commonhold.Server.Indexer;

namespace Commonhold.Server.Catalogue;

/// <summary>What a buyer can know of the dataset without opening anything.</summary>
/// <param name="Format">Null while nobody can say what the files hold.</param>
internal sealed record CatalogueModel(
    CatalogueNames Names, DatasetFormat.Described? Format, DatasetSize Size, IReadOnlyList<WeekOfGrowth> Weeks, QualityFigures Quality, IReadOnlyList<PastGrant> Prices);

/// <param name="Address">Where people find this catalogue, without a stroke at the end.</param>
internal sealed record CatalogueNames(string Name, string SchemaName, string Address, ulong ChainId, DaoContracts Contracts, int GuardianThreshold, int Guardians, bool IsTrial);

/// <summary>Figures over everything in the dataset; null where they would be about fewer members than <see cref="SmallGroups.Least"/>.</summary>
internal sealed record QualityFigures(
    long Judged, long Accepted, IReadOnlyList<Group> Levels, IReadOnlyList<KindFigures> Kinds, IReadOnlyList<Group> Refusals);

/// <param name="Count">Null when the group is too small to be shown.</param>
internal sealed record Group(string Name, long? Count);

/// <param name="NewRows">Those that were in no earlier contribution.</param>
internal sealed record KindFigures(string Name, long? Rows, long? NewRows, long? Contributions);

/// <param name="Price">Of one duration, in base units.</param>
internal sealed record PastGrant(
    GrantId Id, GrantMode Mode, Pricing Pricing, long Contributions, ulong Duration, BigInteger Price, Currency? Currency, long OpenedAt);
