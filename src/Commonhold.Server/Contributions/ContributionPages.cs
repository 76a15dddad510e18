using Commonhold.Server.Contributions.Pages;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Layout;

namespace Commonhold.Server.Contributions;

/// <summary>What members open: the page to contribute on, and their own data.</summary>
internal static class ContributionPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/contribute", (ChainState chain, NodeOptions options) =>
        {
            var parties = chain.Current?.Parties;
            return Page.Of<ContributePage, ContributeModel>(
                ContributeModel.Of(options.Name, options.SchemaName, parties?.GuardianThreshold ?? 0, parties?.Guardians.Count ?? 0));
        }, new MenuEntry(MenuGroup.Members, 10, "Contribute"));
    }
}
