using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Server.Operations;

namespace Commonhold.Server.Releases;

/// <summary>What a guardian says over HTTP, read as hostile input: every line, every page and every silence is bounded.</summary>
internal sealed class GuardianFeed(NodeOptions options, TimeProvider time) : IDisposable
{
    /// <summary>What a guardian gives in one answer (docs/protocol.md §6).</summary>
    public const int LinesAPage = 1000;

    private const int MaxInfoBytes = 64 * 1024;

    // No redirects: where a guardian answers is the operator's to say, not the guardian's.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <exception cref="GuardianSilentException">It cannot be reached, is too slow, or does not answer as a guardian does.</exception>
    public async Task<Result<GuardianInfo>> DescribeAsync(Uri guardian, CancellationToken cancellationToken)
    {
        using var clock = Clock(cancellationToken);
        try
        {
            using var response = await _http.GetAsync(new Uri(guardian, "v1/guardian"), HttpCompletionOption.ResponseHeadersRead, clock.Token);
            var body = await ReadAsync(response, clock.Token);
            if (response.IsSuccessStatusCode)
                return JsonSerializer.Deserialize(body, WireJson.Default.GuardianInfo) ?? throw new JsonException("The answer is null.");
            if (response.Content.Headers.ContentType?.MediaType == ProblemDetails.MediaType && JsonSerializer.Deserialize(body, WireJson.Default.ProblemDetails) is { } problem)
                return problem.ToRefusal();
            throw new GuardianSilentException($"It answers with status {(int)response.StatusCode}.");
        }
        catch (Exception problem) when (Silence(problem, cancellationToken) is { } silence)
        {
            throw silence;
        }
    }

    /// <summary>The lines of its log from a sequence number on, without their line feeds; at most <see cref="LinesAPage"/>.</summary>
    /// <exception cref="GuardianSilentException">As above; lines that came before it count.</exception>
    /// <exception cref="FormatException">A line is longer than any line of a log.</exception>
    public async IAsyncEnumerable<byte[]> LinesAsync(
        Uri guardian, long from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var clock = Clock(cancellationToken);
        using var response = await OpenAsync(new Uri(guardian, string.Create(CultureInfo.InvariantCulture, $"v1/releases?from={from}")), clock.Token, cancellationToken);
        var lines = 0;
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(clock.Token));
        while (true)
        {
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(clock.Token);
            }
            catch (Exception problem) when (Silence(problem, cancellationToken) is { } silence)
            {
                throw silence;
            }

            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } feed)
            {
                if (buffer.Slice(0, feed) is { Length: <= ReleaseLogEntry.MaxLineBytes } line)
                    yield return line.ToArray();
                else
                    throw TooLong();
                if (++lines == LinesAPage)
                    yield break; // More than was asked for is not read.
                buffer = buffer.Slice(buffer.GetPosition(1, feed));
            }

            if (buffer.Length > ReleaseLogEntry.MaxLineBytes)
                throw TooLong();
            if (read.IsCompleted)
            {
                if (!buffer.IsEmpty)
                    throw new GuardianSilentException("Its answer ends in the middle of a line.");
                yield break;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> OpenAsync(Uri address, CancellationToken clock, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, clock);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw new GuardianSilentException($"It answers with status {(int)response.StatusCode} when asked for its log.");
        }
        catch (Exception problem) when (Silence(problem, cancellationToken) is { } silence)
        {
            throw silence;
        }
    }

    private Patience Clock(CancellationToken cancellationToken) => new(options.Releases.Timeout, time, cancellationToken);

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxInfoBytes];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length < buffer.Length ? buffer[..length] : throw new GuardianSilentException("Its answer is longer than any guardian's.");
    }

    private static GuardianSilentException? Silence(Exception problem, CancellationToken cancellationToken) => problem switch
    {
        GuardianSilentException => null,
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException => new GuardianSilentException("It did not answer in time."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => new GuardianSilentException("It cannot be reached."),
        HttpRequestException or IOException => new GuardianSilentException("The connection broke."),
        JsonException or FormatException => new GuardianSilentException("Its answer is not a guardian's."),
        _ => null,
    };

    private static FormatException TooLong() => new("A log line is longer than 256 KiB.");
}

/// <summary>A guardian gave no answer that could be used; the message says why in a sentence.</summary>
internal sealed class GuardianSilentException(string message) : Exception(message);

/// <summary>Ends with the caller, or when the time is over.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenSource _either;

    public Patience(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _limit = new CancellationTokenSource(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, cancellationToken);
    }

    public CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _limit.Dispose();
    }
}
