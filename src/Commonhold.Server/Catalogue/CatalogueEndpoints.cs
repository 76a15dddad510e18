using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Server.Catalogue.Pages;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Layout;

namespace Commonhold.Server.Catalogue;

internal static class CatalogueEndpoints
{
    /// <summary>Both documents are read by people too.</summary>
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/catalogue", PageAsync, new MenuEntry(MenuGroup.Buyers, 10, "Catalogue"));
        routes.MapGet("/catalogue/croissant.json", (HttpRequest request, CatalogueBook book, CancellationToken token) => DocumentAsync(request, book, CroissantDocument.Of, CroissantDocument.MediaType, token))
            .WithTags("catalogue").WithSummary("The dataset in MLCommons Croissant 1.1.");
        routes.MapGet("/catalogue/dcat.jsonld", (HttpRequest request, CatalogueBook book, CancellationToken token) => DocumentAsync(request, book, DcatDocument.Of, DcatDocument.MediaType, token))
            .WithTags("catalogue").WithSummary("The dataset in DCAT 3.");
    }

    private static async Task<IResult> PageAsync(HttpRequest request, CatalogueBook book, CancellationToken cancellationToken) =>
        (await book.DescribeAsync(Address(request), cancellationToken)).TryGet(out var model, out var refusal) ? Page.Of<CataloguePage, CatalogueModel>(model) : new ProblemResult(refusal);

    private static async Task<IResult> DocumentAsync(HttpRequest request, CatalogueBook book, Func<CatalogueModel, JsonObject> write, string mediaType, CancellationToken cancellationToken) =>
        (await book.DescribeAsync(Address(request), cancellationToken)).TryGet(out var model, out var refusal)
            ? TypedResults.Bytes(Encoding.UTF8.GetBytes(write(model).ToJsonString(Readable)), mediaType)
            : new ProblemResult(refusal);

    private static string Address(HttpRequest request) => $"{request.Scheme}://{request.Host}";
}
