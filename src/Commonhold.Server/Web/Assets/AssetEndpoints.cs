using Commonhold.Client;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Commonhold.Server.Web.Assets;

internal static class AssetEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{file}", Results<FileContentHttpResult, ProblemResult> (string file, HttpContext context, AssetShelf shelf) =>
        {
            if (shelf.Open(file) is not { } asset)
                return new ProblemResult(new Refusal("request.not_found", "There is no such script or style; the page that names it is from an earlier version.", "Reload the page."));
            var headers = context.Response.GetTypedHeaders();
            headers.CacheControl = new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromDays(365), Extensions = { new NameValueHeaderValue("immutable") } };
            context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
            if (!TakesBrotli(context.Request))
                return TypedResults.File(asset.Content, asset.MediaType);
            context.Response.Headers.ContentEncoding = "br";
            return TypedResults.File(asset.Brotli, asset.MediaType);
        }).ExcludeFromDescription();

    private static bool TakesBrotli(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "br" && encoding.Quality is not 0);
}
