using System.Net;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>How a validator goes out. The defaults fit a provider's public site and a page or a token; downloads say more for themselves.</summary>
internal sealed record FetchOptions
{
    /// <summary>For one fetch, redirects and the whole body included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For name resolution, connection and TLS of one hop.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Hops after the first request.</summary>
    public int MaxRedirects { get; init; } = 3;

    /// <summary>Kilobytes of an answer's headers.</summary>
    public int MaxHeaderKilobytes { get; init; } = 16;

    /// <summary>Requests to one host, spread evenly over each minute; hops count.</summary>
    public int RequestsPerMinute { get; init; } = 30;

    /// <summary>Requests that may wait for their turn at one host.</summary>
    public int MaxWaiting { get; init; } = 64;

    /// <summary>Whom the providers should write to when something is wrong with what we ask.</summary>
    public string UserAgent { get; init; } = "commonhold-validator/1";

    /// <summary>Authorities (<c>host:port</c>) that may be asked without TLS and must answer from this machine's loopback: for trials and tests.</summary>
    public IReadOnlyCollection<string> Loopback { get; init; } = [];

    /// <summary>Turns a name into addresses; the system's resolver by default.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}

/// <summary>One thing to fetch.</summary>
/// <param name="Url">As it was given; it is never shown, since it may hold a secret.</param>
/// <param name="Hosts">Authorities (<c>host</c>, or <c>host:port</c> when the port is not 443) that this fetch may touch, redirects included.</param>
/// <param name="MediaTypes">The content types that the answer may have.</param>
/// <param name="MaxBytes">Of the body.</param>
internal sealed record FetchRequest(string Url, IReadOnlyCollection<string> Hosts, IReadOnlyCollection<string> MediaTypes, long MaxBytes)
{
    /// <summary>Sent as <c>application/x-www-form-urlencoded</c> by POST; null for GET.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Form { get; init; }

    /// <summary>The <c>Authorization</c> header; a request that has one follows no redirect.</summary>
    public string? Authorization { get; init; }

    /// <summary>Overrides <see cref="FetchOptions.Timeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Also hands over the body of a 400 or 401, in which OAuth says what is wrong (RFC 6749 §5.2).</summary>
    public bool AcceptsErrors { get; init; }

    /// <remarks>Not the record's own: URL, form and authorization hold secrets.</remarks>
    public override string ToString() => nameof(FetchRequest);
}

/// <summary>An answer whose body was read to its end.</summary>
internal sealed record FetchedAnswer(int Status, string MediaType, long Bytes)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>A small answer with its body.</summary>
internal sealed record FetchedDocument(int Status, string MediaType, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
