using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Commonhold.Client;

/// <summary>One guardian, wherever it runs (protocol.md §6).</summary>
public interface IGuardianClient
{
    Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken);

    /// <summary>Asks for a release. The answer is an age file that only the grant's recipient can open.</summary>
    /// <exception cref="CommonholdException">With the guardian's refusal of the whole call.</exception>
    Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken);

    /// <summary>The lines of its release log, from a sequence number on.</summary>
    IAsyncEnumerable<string> ReadLogAsync(ulong from, CancellationToken cancellationToken);
}

/// <summary>A guardian over HTTP.</summary>
public sealed class GuardianClient : IGuardianClient
{
    /// <summary>1,000 answers with proofs take less than 400 KB.</summary>
    private const long MaxAnswerBytes = 1024 * 1024;

    private readonly WireHttp _wire;
    private readonly HttpClient _http;

    /// <param name="http">Its base address is the guardian's.</param>
    public GuardianClient(HttpClient http, HttpLimits? limits = null, TimeProvider? time = null)
    {
        _http = http;
        _wire = new WireHttp(http, limits ?? new HttpLimits(), time ?? TimeProvider.System);
    }

    public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) =>
        _wire.GetAsync("v1/guardian", WireJson.Default.GuardianInfo, cancellationToken);

    public Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) =>
        _wire.Retry.RunAsync(true, token => _wire.ExchangeAsync(
            WireHttp.Json(HttpMethod.Post, "v1/releases", request, WireJson.Default.ReleaseRequest),
            response => WireHttp.ReadBytesAsync(response, MaxAnswerBytes, token),
            token), cancellationToken);

    public async IAsyncEnumerable<string> ReadLogAsync(ulong from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"v1/releases?from={from}");
        byte[] lines = await _wire.Retry.RunAsync(true, token => _wire.ExchangeAsync(
            new HttpRequestMessage(HttpMethod.Get, path),
            response => WireHttp.ReadBytesAsync(response, _wire.Limits.MaxResponseBytes, token),
            token), cancellationToken).ConfigureAwait(false);
        using StringReader reader = new(Encoding.UTF8.GetString(lines));
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0)
                yield return line;
        }
    }

    public override string ToString() => _http.BaseAddress?.ToString() ?? "guardian";
}
