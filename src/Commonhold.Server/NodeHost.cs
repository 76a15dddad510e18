using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server;

/// <summary>Composes the node: storage, indexer, relayer and the HTTP interface of one DAO.</summary>
/// <remarks>Guarantee: what it accepted survives any crash; its database is an index that chain and storage rebuild.
/// Trust: its own disk, and its chain endpoint for availability and order; it is trusted with no key of the dataset and sees no plaintext.
/// Flow: lock the directory → migrate → read the DAO's deed → catch up the journal → serve, index, relay, batch.</remarks>
internal static class NodeHost
{
    /// <param name="options">Where it lives and which DAO it serves.</param>
    /// <param name="relayer">Pays gas for members' signatures; without it the node refuses to relay. The caller disposes of it after the node.</param>
    public static async Task<WebApplication> BuildAsync(
        NodeOptions options, Secp256k1Key? relayer, CancellationToken cancellationToken, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "commonhold-node" });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Listen);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.MaxJsonBytes;
        });
        Directory.CreateDirectory(options.DataDirectory);
        var nodeLock = NodeLock.Take(options.DataDirectory);
        try
        {
            var database = new Database(Path.Combine(options.DataDirectory, "node.db"));
            await new Migrator(database).RunAsync(cancellationToken);
            builder.Services.AddSingleton(_ => nodeLock).AddSingleton(options).AddSingleton(database).AddSingleton(time ?? TimeProvider.System);
            builder.Services.AddSingleton<IBlobStore>(new DiskBlobStore(Path.Combine(options.DataDirectory, "store"), options.Limits.ReservedBytes));
            builder.Services.AddExceptionHandler<FailureHandler>();
            var app = builder.Build();
            app.Services.GetRequiredService<NodeLock>();
            app.UseExceptionHandler(_ => { });
            app.UseSecurityHeaders();
            return app;
        }
        catch
        {
            nodeLock.Dispose();
            throw;
        }
    }
}
