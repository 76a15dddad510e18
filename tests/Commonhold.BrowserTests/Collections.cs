using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests;

/// <summary>Pages that are only looked at share one node; journeys, which move its clock, another; votes that change the DAO itself a third, and proofs one that weighs them.</summary>
[CollectionDefinition(Name)]
public sealed class PagesCollection : ICollectionFixture<Commons>
{
    public const string Name = "Pages";
}

[CollectionDefinition(Name)]
public sealed class JourneysCollection : ICollectionFixture<Commons>
{
    public const string Name = "Journeys";
}

[CollectionDefinition(Name)]
public sealed class VotesCollection : ICollectionFixture<SmallCommons>
{
    public const string Name = "Votes";
}

[CollectionDefinition(Name)]
public sealed class ProofsCollection : ICollectionFixture<ProofCommons>
{
    public const string Name = "Proofs";
}
