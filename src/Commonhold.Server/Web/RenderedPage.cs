using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Net.Http.Headers;

namespace Commonhold.Server.Web;

/// <summary>A page that is the same for everybody, rendered once and sent to many.</summary>
internal sealed class RenderedPage : IResult
{
    private readonly byte[] _content, _brotli;
    private readonly EntityTagHeaderValue _tag;

    private RenderedPage(byte[] content)
    {
        _content = content;
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        // Made once and sent to many, but while somebody waits: quality 5 is most of the gain for little of the time.
        _brotli = BrotliEncoder.TryCompress(content, compressed, out var length, quality: 5, window: 20) ? compressed[..length] : content;
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..24]}\"");
    }

    public int Length => _content.Length;

    public int CompressedLength => _brotli.Length;

    /// <summary>Renders outside of any request: such a page knows nothing of who asks.</summary>
    public static async Task<RenderedPage> OfAsync<TPage, TModel>(IServiceProvider services, ILoggerFactory loggers, TModel model)
        where TPage : IComponent
        where TModel : class
    {
        await using var scope = services.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<Page.Host<TPage, TModel>>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Page.Host<,>.Model)] = model }));
            using var stream = new MemoryStream(16 << 10);
            await using (var writer = new StreamWriter(stream, leaveOpen: true))
                root.WriteHtmlTo(writer);
            return new RenderedPage(stream.ToArray());
        });
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request.GetTypedHeaders(), httpContext.Response);
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = _tag.ToString();
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (request.IfNoneMatch.Any(tag => tag.Compare(_tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var body = _content;
        if (request.AcceptEncoding.Any(encoding => encoding.Value == "br" && encoding.Quality is not 0))
        {
            body = _brotli;
            response.Headers.ContentEncoding = "br";
        }

        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body);
        return Task.CompletedTask; // The server flushes what was written when the request ends.
    }
}
