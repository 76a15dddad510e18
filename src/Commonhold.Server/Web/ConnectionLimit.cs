using System.Net;
using Commonhold.Server.Operations;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Commonhold.Server.Web;

/// <summary>Closes what one caller opens beyond its share of connections, so that no single one shuts everybody else out.</summary>
/// <remarks>Not behind a proxy: there every connection is the proxy's, and counting callers is its work.</remarks>
internal static class ConnectionLimit
{
    private const int Total = 5000;

    public static void Use(KestrelServerOptions kestrel, IEnumerable<IPEndPoint> endpoints, NodeOptions options)
    {
        kestrel.Limits.MaxConcurrentConnections = Total;
        var seats = options.PublicUrl is null && options.Limits.ConnectionsPerCaller > 0 ? new Seats(Total, options.Limits.ConnectionsPerCaller) : null;
        foreach (var endpoint in endpoints)
        {
            kestrel.Listen(endpoint, listen =>
            {
                if (seats is not null)
                    listen.Use(next => connection => HoldAsync(seats, connection, next));
            });
        }
    }

    private static async Task HoldAsync(Seats seats, ConnectionContext connection, ConnectionDelegate next)
    {
        var caller = Caller.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!seats.TryTake(caller))
        {
            connection.Abort(new ConnectionAbortedException("Too many connections from one address."));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            seats.Free(caller);
        }
    }
}
