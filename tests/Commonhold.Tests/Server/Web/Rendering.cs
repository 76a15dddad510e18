using Commonhold.Server.Operations;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Assets;
using Commonhold.Server.Web.Layout;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commonhold.Tests.Server.Web;

/// <summary>Renders components and pages without a node.</summary>
internal static class Rendering
{
    public static NodeOptions Options(string name = "Test dataset") =>
        new() { DataDirectory = "/nowhere", Rpc = new Uri("http://127.0.0.1:1"), Dao = default, Name = name };

    public static async Task<string> HtmlOfAsync(Type component, IDictionary<string, object?> parameters, string name = "Test dataset")
    {
        await using var services = Services(name);
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync(component, ParameterView.FromDictionary(parameters))).ToHtmlString());
    }

    public static Task<string> PageAsync<TPage, TModel>(TModel model, string name = "Test dataset")
        where TPage : IComponent
        where TModel : class => HtmlOfAsync(typeof(Page.Host<TPage, TModel>), new Dictionary<string, object?> { ["Model"] = model }, name);

    private static ServiceProvider Services(string name) => new ServiceCollection()
        .AddSingleton(Options(name)).AddSingleton<AssetShelf>().AddSingleton<ChainClock>().AddSingleton(new Menu(new DefaultEndpointDataSource(
            new Endpoint(null, new EndpointMetadataCollection(new PageMetadata("/contribute"), new MenuEntry(MenuGroup.Members, 1, "Contribute") { Path = "/contribute" }), null))))
        .BuildServiceProvider();
}
