using Commonhold.Server.Web.Layout;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Web;

/// <summary>A Razor component as an answer: rendered whole on the server, nothing of it runs in the browser.</summary>
/// <remarks>The compiler makes Razor components public, and a public parameter cannot be of an internal type. So a page's model is handed
/// down as a cascading value, which may be private: <c>[CascadingParameter] private VoteModel Model { get; set; } = null!;</c></remarks>
internal static class Page
{
    /// <param name="model">What the page shows; it takes it as a private cascading parameter of this very type.</param>
    public static RazorComponentResult Of<TPage, TModel>(TModel model, int status = 200)
        where TPage : IComponent
        where TModel : class => new(typeof(Host<TPage, TModel>), new Dictionary<string, object?> { [nameof(Host<,>.Model)] = model })
        {
            StatusCode = status, PreventStreamingRendering = true,
        };

    /// <summary>A page that shows the same to everybody.</summary>
    public static RazorComponentResult Of<TPage>(int status = 200)
        where TPage : IComponent => new(typeof(TPage)) { StatusCode = status, PreventStreamingRendering = true };

    /// <summary>Maps an address that people open, as opposed to programs.</summary>
    /// <param name="menu">Where it stands in the menu; null for pages that others link to.</param>
    public static RouteHandlerBuilder MapPage(this IEndpointRouteBuilder routes, string pattern, Delegate handler, MenuEntry? menu = null)
    {
        var endpoint = routes.MapGet(pattern, handler).AddEndpointFilter(KeepPrivateAsync).ExcludeFromDescription().WithMetadata(new PageMetadata(pattern));
        return menu is null ? endpoint : endpoint.WithMetadata(menu with { Path = pattern });
    }

    /// <summary>A page may show what only its reader may see; a browser keeps it, and asks whether it still holds.</summary>
    private static ValueTask<object?> KeepPrivateAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var response = context.HttpContext.Response;
        // Of somebody who is signed in, nothing: who signs out leaves no pages behind.
        response.Headers.CacheControl = context.HttpContext.Features.Get<Visitor>() is null ? "private, no-cache" : "private, no-store";
        DropRendererHeader(response);
        return next(context);
    }

    /// <summary>The renderer's own header speaks to a script that is not here.</summary>
    internal static void DropRendererHeader(HttpResponse response) => response.OnStarting(static state =>
    {
        ((HttpResponse)state).Headers.Remove("blazor-enhanced-nav");
        return Task.CompletedTask;
    }, response);

    internal sealed class Host<TPage, TModel> : ComponentBase
        where TPage : IComponent
        where TModel : class
    {
        [Parameter, EditorRequired]
        public TModel Model { get; set; } = null!;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<CascadingValue<TModel>>(0);
            builder.AddComponentParameter(1, nameof(CascadingValue<>.Value), Model);
            builder.AddComponentParameter(2, nameof(CascadingValue<>.IsFixed), true);
            builder.AddComponentParameter(3, nameof(CascadingValue<>.ChildContent), (RenderFragment)(child =>
            {
                child.OpenComponent<TPage>(0);
                child.CloseComponent();
            }));
            builder.CloseComponent();
        }
    }
}

/// <summary>Marks an endpoint whose answers are for people: its failures are pages too.</summary>
internal sealed record PageMetadata(string Pattern);
