using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Commonhold.Ethereum;

namespace Commonhold.ServerTests.Web;

/// <summary>Signs in over HTTP as the browser does; the client keeps the session's cookie.</summary>
internal static class SignedIn
{
    /// <param name="http">At http://localhost, the name that the message is for.</param>
    public static async Task AsAsync(HttpClient http, Secp256k1Key key)
    {
        var given = await (await http.PostAsync("v1/session/challenge", null)).Content.ReadFromJsonAsync<JsonElement>();
        var host = http.BaseAddress!.Authority;
        var text = string.Join('\n', $"{host} wants you to sign in with your Ethereum account:", key.Address, "", "Sign in.", "", $"URI: http://{host}/account", "Version: 1",
            $"Chain ID: {given.GetProperty("chainId").GetUInt64()}", $"Nonce: {given.GetProperty("nonce").GetString()}", $"Issued At: {DateTimeOffset.FromUnixTimeSeconds(given.GetProperty("issuedAt").GetInt64()):yyyy-MM-ddTHH:mm:ssZ}");
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/session")
        {
            Content = JsonContent.Create(new { message = text, signature = key.Sign(PersonalMessage.Hash(Encoding.UTF8.GetBytes(text))).ToString() }),
        };
        request.Headers.Add("X-Commonhold-Token", (await http.GetFromJsonAsync<JsonElement>("v1/form-token")).GetProperty("token").GetString());
        (await http.SendAsync(request)).EnsureSuccessStatusCode();
    }
}
