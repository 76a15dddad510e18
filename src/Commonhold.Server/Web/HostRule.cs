using System.Net;
using Commonhold.Client;
using Commonhold.Server.Operations;

namespace Commonhold.Server.Web;

/// <summary>Answers only under names that are this node's own, so that no foreign page can reach it under a name of its own (DNS rebinding),
/// and sends people from a loopback address to <c>localhost</c>, because passkeys belong to a name.</summary>
/// <remarks>An address in digits is no name: whoever's page has that origin is served from there. Programs may use any of the node's names.</remarks>
internal sealed class HostRule
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "localhost" };
    private readonly Uri? _publicUrl;

    public HostRule(NodeOptions options)
    {
        _publicUrl = options.PublicUrl;
        _names.UnionWith(options.HostNames);
        if (_publicUrl is not null)
            _names.Add(_publicUrl.IdnHost);
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host;
        if (_publicUrl is not null && string.Equals(host, _publicUrl.IdnHost, StringComparison.OrdinalIgnoreCase))
            context.Request.Scheme = _publicUrl.Scheme; // The proxy in front ends TLS.
        var isAddress = IPAddress.TryParse(host.Trim('[', ']'), out var address);
        if (!isAddress && !_names.Contains(host))
            await new ProblemResult(new Refusal("request.host_unknown", $"This node does not answer as {Readable(host)}.",
                "Use the address that its operator gave; behind a proxy the node is told its name: --public-url.")).ExecuteAsync(context);
        else if (isAddress && IPAddress.IsLoopback(address!) && _publicUrl is null && IsForPeople(context.Request))
            context.Response.Redirect($"http://localhost:{context.Request.Host.Port ?? 80}{context.Request.PathBase}{context.Request.Path}{context.Request.QueryString}", permanent: false, preserveMethod: true);
        else
            await next(context);
    }

    /// <summary>Whether somebody opens a page: browsers say so, programs do not.</summary>
    public static bool IsForPeople(HttpRequest request) => (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && TakesPages(request)
        && !request.Path.StartsWithSegments("/v1") && !request.Path.StartsWithSegments("/assets") && !request.Path.StartsWithSegments("/openapi")
        && !request.Path.StartsWithSegments("/health") && !request.Path.StartsWithSegments("/metrics");

    public static bool TakesPages(HttpRequest request) =>
        request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);

    private static string Readable(string host) => host.Length is 0 or > 100 ? "this host" : $"“{host}”";
}
