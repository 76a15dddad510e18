using System.Text.Json;

namespace Commonhold.BrowserTests.World;

/// <summary>A passkey as a laptop has it: Chromium's virtual authenticator with PRF, whose owner is always there and always agrees.</summary>
internal sealed class Authenticator
{
    private readonly ICDPSession _session;
    private readonly string _id;

    private Authenticator(ICDPSession session, string id) => (_session, _id) = (session, id);

    /// <param name="prf">False: an older one, without which a page has to fall back to a passphrase.</param>
    public static async Task<Authenticator> PlugInAsync(Visitor visitor, bool prf = true)
    {
        var session = await visitor.Context.NewCDPSessionAsync(visitor.Page);
        await session.SendAsync("WebAuthn.enable");
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new
            {
                protocol = "ctap2", ctap2Version = "ctap2_1", transport = "internal", hasResidentKey = true, hasUserVerification = true,
                isUserVerified = true, automaticPresenceSimulation = true, hasPrf = prf,
            },
        });
        return new Authenticator(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    public async Task<int> CountAsync()
    {
        var answer = await _session.SendAsync("WebAuthn.getCredentials", new Dictionary<string, object> { ["authenticatorId"] = _id });
        return answer!.Value.GetProperty("credentials").GetArrayLength();
    }

    /// <summary>The owner turns away: touch and verification fail from now on.</summary>
    public Task RefuseAsync() => _session.SendAsync(
        "WebAuthn.setUserVerified", new Dictionary<string, object> { ["authenticatorId"] = _id, ["isUserVerified"] = false });
}
