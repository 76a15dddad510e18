using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Commonhold.Benchmarks.Pages;

/// <summary>The same web server with its own static files middleware and nothing else.</summary>
internal sealed class StaticFile : IAsyncDisposable
{
    public const string Path = "/file.html";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("commonhold-static-");
    private WebApplication? _app;

    public Uri Url => new(_app!.Urls.Single());

    public static async Task<StaticFile> ServeAsync(int bytes, CancellationToken cancellationToken)
    {
        var served = new StaticFile();
        await File.WriteAllBytesAsync(System.IO.Path.Combine(served._folder.FullName, "file.html"), RandomNumberGenerator.GetBytes(bytes), cancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        served._app = builder.Build();
        served._app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(served._folder.FullName) });
        await served._app.StartAsync(cancellationToken);
        return served;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
