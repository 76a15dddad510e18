using Commonhold.Client;
using Commonhold.Server.Accounts;
using Commonhold.Server.Contributions.Pages;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Layout;

namespace Commonhold.Server.Contributions;

/// <summary>What members open: the page to contribute on, the one that a sign-in at a platform comes back to, and their own data.</summary>
internal static class ContributionPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        TrialSamples.Map(routes);
        routes.MapPage("/contribute", (ChainState chain, NodeOptions options) =>
        {
            var parties = chain.Current?.Parties;
            return Page.Of<ContributePage, ContributeModel>(
                ContributeModel.Of(options.Name, options.SchemaName, parties?.GuardianThreshold ?? 0, parties?.Guardians.Count ?? 0, TrialSamples.Has(options)));
        }, new MenuEntry(MenuGroup.Members, 10, "Contribute"));
        routes.MapPage(RedirectPage.Path, (HttpContext context) =>
        {
            // Its address holds a platform's answer for a moment: nobody keeps what was sent to it, and nobody is told where a reader came from (SecurityHeaders).
            context.Response.Headers.CacheControl = "no-store";
            return Page.Of<SignInPage>();
        });
        routes.MapPage("/my", async (int? page, HttpContext context, MyDesk desk, ChainState chain, NodeOptions options, CancellationToken cancellationToken) =>
        {
            var data = Sessions.Current(context) is { } account ? await desk.GatherAsync(account, Math.Clamp(page ?? 0, 0, 1_000_000), cancellationToken) : null;
            return Page.Of<MyPage, MyModel>(new MyModel(options.Name, chain.Current?.Parties.GuardianThreshold ?? 0, data));
        }, new MenuEntry(MenuGroup.Members, 20, "My data"));
    }
}
