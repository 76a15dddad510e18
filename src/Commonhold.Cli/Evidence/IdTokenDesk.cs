using System.Net.Http.Headers;
using System.Text.Json;
using Commonhold.Client;

namespace Commonhold.Cli.Evidence;

/// <summary>Redeems the code of a sign-in for an ID token, from the member's own machine (OpenID Connect Core §3.1.3).</summary>
internal static class IdTokenDesk
{
    private const int MaxAnswerBytes = 256 * 1024;

    /// <returns>The ID token; refused as <c>evidence.sign_in_refused</c>.</returns>
    public static async Task<Result<string>> RedeemAsync(OpenIdSource source, string code, string redirectUri, EvidenceCommitment commitment, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", redirectUri),
            new("code_verifier", commitment.CodeVerifier), new("client_id", source.ClientId),
        ];
        if (source.PublishedSecret is { } secret)
            form.Add(new("client_secret", secret));
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        using var http = new HttpClient(handler) { MaxResponseContentBufferSize = MaxAnswerBytes, Timeout = TimeSpan.FromSeconds(30) };
        using var content = new FormUrlEncodedContent(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, source.TokenUrl) { Content = content, Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/json") } } };
        try
        {
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
                if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("id_token", out var token) && token.ValueKind == JsonValueKind.String)
                    return token.GetString()!;
            }

            return Refused($"answered {(int)response.StatusCode} without a token");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Refused("cannot be reached, or says nothing that makes sense");
        }

        Refusal Refused(string what) =>
            new("evidence.sign_in_refused", $"{new Uri(source.TokenUrl).Host} {what}.", "Sign in again.");
    }
}
