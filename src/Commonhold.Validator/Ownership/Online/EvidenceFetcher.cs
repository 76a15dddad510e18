using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>The one way by which a validator goes out.</summary>
/// <remarks>Guarantee: it talks to the hosts that both the dataset's policy and the operator name, at public addresses, by TLS whose
/// certificate names the host, for a bounded time and a bounded number of bytes; no answer, redirect or name server can lead it
/// anywhere else (server-side request forgery). It sends no cookie, no referrer and no credential but the one given for the
/// request, and uses no proxy of the environment. What it says about a failure names the host, never the path, query or body.
/// Flow: URL held against the allowed hosts → the host's turn → one resolution → address checked → connected to that address →
/// headers checked → body counted; a redirect starts over with the next URL.</remarks>
internal sealed class EvidenceFetcher : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly FetchOptions _options;
    private readonly TimeProvider _time;
    private readonly HostPace _pace;
    private readonly HttpMessageInvoker _http;

    public EvidenceFetcher(FetchOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _pace = new HostPace(options.RequestsPerMinute, options.MaxWaiting, time);
        // Not an HttpClient: it would log, trace and decorate what it sends.
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = new CheckedConnection(options).ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = options.MaxHeaderKilobytes,
            // Every request resolves and checks anew, and no connection tells one member's request from another's.
            PooledConnectionLifetime = TimeSpan.Zero,
            PreAuthenticate = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                // A certificate may name addresses to fetch its issuers and revocations from: those nobody has checked.
                CertificateChainPolicy = new X509ChainPolicy
                {
                    DisableCertificateDownloads = true,
                    RevocationMode = X509RevocationMode.NoCheck,
                    ApplicationPolicy = { new Oid("1.3.6.1.5.5.7.3.1") },
                },
            },
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>Fetches a small document whole.</summary>
    /// <exception cref="FetchFailedException">It was refused, or cannot be had.</exception>
    public async Task<FetchedDocument> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        FetchedAnswer answer = await FetchAsync(request, body, cancellationToken).ConfigureAwait(false);
        return new FetchedDocument(answer.Status, answer.MediaType, body.ToArray());
    }

    /// <summary>Fetches into a stream; after a failure what is in it must be thrown away.</summary>
    /// <exception cref="FetchFailedException">It was refused, or cannot be had.</exception>
    public async Task<FetchedAnswer> FetchAsync(FetchRequest request, Stream destination, CancellationToken cancellationToken)
    {
        Uri url = FetchUrl.Parse(request.Url, request.Hosts, _options.Loopback);
        // The wait for the first turn is ours; from then on the time is the host's.
        await _pace.WaitAsync(url.Authority, cancellationToken).ConfigureAwait(false);
        using CancellationTokenSource clock = new(request.Timeout ?? _options.Timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            for (int hop = 0; ; hop++)
            {
                using HttpRequestMessage message = Compose(request, url);
                using HttpResponseMessage response = await _http.SendAsync(message, either.Token).ConfigureAwait(false);
                if (!IsRedirect(response.StatusCode))
                    return await ReadAsync(request, url, response, destination, either.Token).ConfigureAwait(false);
                url = Follow(request, url, response, hop);
                await _pace.WaitAsync(url.Authority, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FetchFailedException("evidence.timeout", $"{url.IdnHost} did not answer in time.", isTransient: true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Explain(e, url);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Compose(FetchRequest request, Uri url)
    {
        HttpRequestMessage message = new(request.Form is null ? HttpMethod.Get : HttpMethod.Post, url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.UserAgent.ParseAdd(_options.UserAgent);
        message.Headers.AcceptEncoding.ParseAdd("identity");
        foreach (string type in request.MediaTypes)
            message.Headers.Accept.ParseAdd(type);
        if (request.Authorization is { } authorization)
            message.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (request.Form is { } form)
            message.Content = new FormUrlEncodedContent(form);
        return message;
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private Uri Follow(FetchRequest request, Uri from, HttpResponseMessage response, int hop)
    {
        if (request.Form is not null || request.Authorization is not null)
            throw new FetchFailedException("evidence.redirect_refused", $"{from.IdnHost} leads elsewhere with what is meant for it alone.");
        if (hop >= _options.MaxRedirects)
            throw new FetchFailedException("evidence.redirect_refused", $"{from.IdnHost} leads on more than {_options.MaxRedirects} times.");
        // As it came, so that the strict reading applies to it and not to what a lenient one made of it.
        if (!response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues values) || values.Count != 1)
            throw new FetchFailedException("evidence.redirect_refused", $"{from.IdnHost} leads on without saying where.");
        string location = values.ToString();
        if (location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal))
            location = $"{from.Scheme}://{from.Authority}{location}";
        int fragment = location.IndexOf('#', StringComparison.Ordinal);
        return FetchUrl.Parse(fragment < 0 ? location : location[..fragment], request.Hosts, _options.Loopback);
    }

    private async Task<FetchedAnswer> ReadAsync(
        FetchRequest request, Uri url, HttpResponseMessage response, Stream destination, CancellationToken cancellationToken)
    {
        int status = (int)response.StatusCode;
        if (status is 429 or >= 500)
        {
            if (response.Headers.RetryAfter is { } retry)
                _pace.Pause(url.Authority, retry.Delta ?? (retry.Date - _time.GetUtcNow()) ?? TimeSpan.Zero);
            throw new FetchFailedException("evidence.status", $"{url.IdnHost} answered {status}.", isTransient: true);
        }

        if (!response.IsSuccessStatusCode && !(request.AcceptsErrors && status is 400 or 401))
            throw new FetchFailedException("evidence.status", $"{url.IdnHost} answered {status}.");
        HttpContentHeaders headers = response.Content.Headers;
        // Nothing here inflates, so that nothing can be a bomb; we said that we take no encoding.
        if (headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
            throw new FetchFailedException("evidence.encoded", $"{url.IdnHost} sent a compressed answer that was not asked for.");
        string type = headers.ContentType?.MediaType?.ToLowerInvariant() ?? "";
        if (!request.MediaTypes.Contains(type))
            throw new FetchFailedException("evidence.content_type", $"{url.IdnHost} sent '{Show(type)}'; {string.Join(" or ", request.MediaTypes)} was expected.");
        if (headers.ContentLength > request.MaxBytes)
            throw TooLarge(request, url);
        return new FetchedAnswer(status, type, await CopyAsync(request, url, response, destination, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<long> CopyAsync(
        FetchRequest request, Uri url, HttpResponseMessage response, Stream destination, CancellationToken cancellationToken)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long total = 0;
            while (await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                total += read;
                if (total > request.MaxBytes)
                    throw TooLarge(request, url);
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            return total;
        }
        finally
        {
            // It may have held an export or a token.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static FetchFailedException TooLarge(FetchRequest request, Uri url) =>
        new("evidence.answer_too_large", $"The answer of {url.IdnHost} is longer than {request.MaxBytes} bytes.");

    /// <summary>What went wrong, without the words of the exception: those of the handler quote addresses.</summary>
    private static FetchFailedException Explain(Exception e, Uri url)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is FetchFailedException refused)
                return refused;
            if (cause is AuthenticationException)
                return new FetchFailedException("evidence.certificate", $"{url.IdnHost} showed no certificate that names it and can be trusted.");
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
                return new FetchFailedException("evidence.answer_too_large", $"The headers of {url.IdnHost}'s answer are too long.");
        }

        return new FetchFailedException("evidence.unreachable", $"{url.IdnHost} cannot be reached, or broke off.", isTransient: true);
    }

    private static string Show(string type) => type.Length <= 40 ? type : type[..40] + "…";
}
