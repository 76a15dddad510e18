using Commonhold.Server.Transparency.Pages;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Layout;

namespace Commonhold.Server.Transparency;

internal static class TransparencyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPage("/transparency",
        async (string? show, string? before, ulong? grant, uint? guardian, PublicLedger ledger, CancellationToken cancellationToken) =>
            Page.Of<TransparencyPage, TransparencyModel>(await ledger.ReadAsync(LedgerQuery.From(show, before, grant, guardian), cancellationToken)),
        new MenuEntry(MenuGroup.Everyone, 10, "Transparency"));
}
