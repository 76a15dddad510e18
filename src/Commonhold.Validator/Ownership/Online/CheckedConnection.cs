using System.Net;
using System.Net.Sockets;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>Connects to exactly the address that was found to be public.</summary>
/// <remarks>Names are resolved here, once for each connection, and nothing resolves them again: an answer that changes between
/// the check and the use (DNS rebinding) changes nothing. One address in an answer that is not public condemns the whole answer.</remarks>
internal sealed class CheckedConnection(FetchOptions options)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IPAddress[] addresses = await ResolveAsync(target.Host, cancellationToken).ConfigureAwait(false);
        bool mustBeLoopback = options.Loopback.Contains($"{target.Host}:{target.Port}");
        foreach (IPAddress address in addresses)
        {
            if (mustBeLoopback ? !IPAddress.IsLoopback(address) : !PublicAddress.IsPublic(address))
                throw new FetchFailedException(
                    "evidence.address_not_public", $"{target.Host} resolves to {address}, which is {(mustBeLoopback ? "not on this machine" : "no address of the public internet")}.",
                    "Tell the operator: the name server answers wrongly, or somebody tries to reach into this network.");
        }

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
            return [literal];
        IPAddress[] addresses;
        try
        {
            addresses = await options.Resolve(host, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            addresses = [];
        }

        return addresses.Length > 0
            ? addresses
            : throw new FetchFailedException("evidence.name_unresolved", $"{host} has no address now.", isTransient: true);
    }
}
