using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Commonhold.Tests.Validator.Ownership.Online;

/// <summary>A platform with sign-in, identities and download links, over real HTTP on loopback: strict where the standards are.</summary>
internal sealed class TestProvider : IAsyncDisposable
{
    public const string ClientId = "dao-client";

    private readonly WebApplication _app;
    private readonly Dictionary<string, (string Client, string RedirectUri, string Challenge, string Account, string Nonce)> _codes = [];
    private readonly Dictionary<string, string> _tokens = [];

    private TestProvider(WebApplication app) => _app = app;

    public string Authority { get; private set; } = "";

    public string Issuer => $"http://{Authority}";

    /// <summary>Who is signed in at this provider in the person's browser.</summary>
    public string SignedIn { get; set; } = "nobody";

    /// <summary>The person says no when asked whether the client may know who they are.</summary>
    public bool IsDenied { get; set; }

    /// <summary>Puts this in the place of the state that it was given, as somebody would who sends a person an answer to a question of their own.</summary>
    public string? OtherState { get; set; }

    /// <summary>Answers 503 to everything.</summary>
    public bool IsDown { get; set; }

    public string? Secret { get; set; }

    public ECDsa EcKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>One for all tests: making one takes longer than a test.</summary>
    public static RSA RsaKey { get; } = RSA.Create(2048);

    public byte[] Download { get; set; } = [];

    /// <summary>By path, what a page says as JSON.</summary>
    public Dictionary<string, object> Pages { get; } = [];

    public List<string> Requests { get; } = [];

    public string KeysJson => JsonSerializer.Serialize(new { keys = new object[] { Public(EcKey), Public(RsaKey) } });

    public static async Task<TestProvider> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        TestProvider provider = new(builder.Build());
        provider.Map();
        await provider._app.StartAsync();
        provider.Authority = new Uri(provider._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;
        return provider;
    }

    /// <summary>What the person's browser does: asks for a code and is sent back with it. Returns the address that it is sent to.</summary>
    public async Task<Uri> SignInAsync(string url)
    {
        using HttpClient browser = new(new HttpClientHandler { AllowAutoRedirect = false });
        using HttpResponseMessage response = await browser.GetAsync(new Uri(url));
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        return response.Headers.Location!;
    }

    public string IdToken(string subject, string nonce, Action<SecurityTokenDescriptor>? change = null, SecurityKey? key = null, DateTimeOffset? now = null)
    {
        DateTime at = (now ?? TimeProvider.System.GetUtcNow()).UtcDateTime;
        SecurityTokenDescriptor descriptor = new()
        {
            Issuer = Issuer,
            Audience = ClientId,
            IssuedAt = at,
            NotBefore = at,
            Expires = at.AddMinutes(10),
            Claims = new Dictionary<string, object> { ["sub"] = subject, ["nonce"] = nonce },
            SigningCredentials = new SigningCredentials(key ?? new ECDsaSecurityKey(EcKey) { KeyId = "ec" }, key is RsaSecurityKey ? "RS256" : "ES256"),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        EcKey.Dispose();
    }

    private void Map()
    {
        _app.Use((context, next) =>
        {
            lock (Requests)
                Requests.Add($"{context.Request.Method} {context.Request.Path}");
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            if (IsDown)
                return Task.CompletedTask;
            context.Response.StatusCode = StatusCodes.Status200OK;
            return next();
        });
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", TokenAsync);
        _app.MapGet("/me", Me);
        _app.MapGet("/keys", () => Results.Text(KeysJson, "application/json"));
        _app.MapGet("/link/{secret}", (string secret) => secret == "once" ? Results.Redirect("/file") : Results.NotFound());
        _app.MapGet("/away/{secret}", () => Results.Redirect("http://169.254.169.254/latest"));
        _app.MapGet("/{kind}/{name}", (HttpRequest request) => Pages.TryGetValue(request.Path, out object? page) ? Results.Json(page) : Results.NotFound());
        _app.MapGet("/file", () => Results.Bytes(Download, "application/zip"));
    }

    private IResult Authorize(HttpRequest request)
    {
        IQueryCollection query = request.Query;
        if (query["response_type"] != "code" || query["code_challenge_method"] != "S256" || query["client_id"] != ClientId)
            return Results.BadRequest();
        string rest = $"state={Uri.EscapeDataString(OtherState ?? query["state"].ToString())}&iss={Uri.EscapeDataString(Issuer)}";
        if (IsDenied)
            return Results.Redirect($"{query["redirect_uri"]}?error=access_denied&{rest}");
        string code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _codes[code] = (query["client_id"]!, query["redirect_uri"]!, query["code_challenge"]!, SignedIn, query["nonce"].ToString());
        return Results.Redirect($"{query["redirect_uri"]}?code={code}&{rest}");
    }

    /// <summary>RFC 6749 §4.1.3 and RFC 7636 §4.6, to the letter: one failure spends the code.</summary>
    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        IFormCollection form = await request.ReadFormAsync();
        string client = form["client_id"].ToString();
        string secret = form["client_secret"].ToString();
        if (request.Headers.Authorization.ToString() is { Length: > 0 } basic)
        {
            string[] parts = Encoding.UTF8.GetString(Convert.FromBase64String(basic["Basic ".Length..])).Split(':');
            (client, secret) = (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]));
        }

        if (client != ClientId || (Secret is not null && secret != Secret))
            return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        string challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        bool known = _codes.Remove(form["code"].ToString(), out var made);
        if (!known || form["grant_type"] != "authorization_code" || made.RedirectUri != form["redirect_uri"] || made.Challenge != challenge || made.Client != client)
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _tokens[token] = made.Account;
        return Results.Json(new { access_token = token, token_type = "bearer", expires_in = 3600, id_token = made.Nonce.Length > 0 ? IdToken(made.Account, made.Nonce) : null });
    }

    private IResult Me(HttpRequest request) =>
        _tokens.TryGetValue(request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal), out string? account)
            ? Results.Json(new { id = 7, name = account })
            : Results.Json(new { error = "invalid_token" }, statusCode: 401);

    private static Dictionary<string, string> Public(ECDsa key)
    {
        ECParameters p = key.ExportParameters(false);
        return new() { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = "ec", ["use"] = "sig", ["x"] = Base64UrlEncoder.Encode(p.Q.X), ["y"] = Base64UrlEncoder.Encode(p.Q.Y) };
    }

    private static Dictionary<string, string> Public(RSA key)
    {
        RSAParameters p = key.ExportParameters(false);
        return new() { ["kty"] = "RSA", ["kid"] = "rsa", ["use"] = "sig", ["n"] = Base64UrlEncoder.Encode(p.Modulus), ["e"] = Base64UrlEncoder.Encode(p.Exponent) };
    }
}
