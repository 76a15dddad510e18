using Commonhold.Client;
using Commonhold.ServerTests.Node;

namespace Commonhold.ServerTests.Guardians;

/// <summary>A buyer's or auditor's page comes from the node, not from the guardian, and has to reach it all the same.</summary>
[Collection(GuardianCollection.Name), Trait("Speed", "slow")]
public sealed class CrossOriginTests(DaoFixture guardians)
{
    private const string Allow = "Access-Control-Allow-Origin";

    [AnvilTheory]
    [InlineData("what it says of itself", "GET", "v1/guardian", true)]
    [InlineData("its log", "GET", "v1/releases", true)]
    [InlineData("a log from nowhere", "GET", "v1/releases?from=-1", true)]
    [InlineData("a request that it refuses", "POST", "v1/releases", true)]
    [InlineData("whether it lives", "GET", "health", false)]
    [InlineData("another address", "GET", "v1/keys", false)]
    public async Task Pages_of_any_origin_read_a_guardian_and_nothing_else_of_it(string what, string method, string path, bool isOpen)
    {
        using var http = NodeClient.CreateHttp(new Uri(guardians.AddressOf(1)));
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Headers.Add("Origin", "https://node.example");

        using var response = await http.SendAsync(request);

        Assert.Equal((what, isOpen ? "*" : null), (what, response.Headers.TryGetValues(Allow, out var origins) ? string.Join(' ', origins) : null));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [AnvilTheory]
    [InlineData("POST", "content-type", true)]
    [InlineData("GET", null, true)]
    [InlineData("DELETE", null, false)]
    [InlineData("POST", "authorization", false)]
    public async Task A_preflight_lets_through_what_a_page_needs(string method, string? header, bool isLetThrough)
    {
        using var http = NodeClient.CreateHttp(new Uri(guardians.AddressOf(1)));
        using HttpRequestMessage request = new(HttpMethod.Options, "v1/releases");
        request.Headers.Add("Origin", "https://node.example");
        request.Headers.Add("Access-Control-Request-Method", method);
        if (header is not null)
            request.Headers.Add("Access-Control-Request-Headers", header);

        using var response = await http.SendAsync(request);

        var allowed = string.Join(',', Values(response, "Access-Control-Allow-Methods"));
        var headers = string.Join(',', Values(response, "Access-Control-Allow-Headers"));
        var passes = allowed.Contains(method, StringComparison.Ordinal) && (header is null || headers.Contains(header, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(isLetThrough, passes);
    }

    private static IEnumerable<string> Values(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values : [];
}
