using System.Text.Json.Nodes;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Guardians;
using Commonhold.Guardians.Chain;

namespace Commonhold.Tests.Guardian;

public sealed class PinnedChainTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly TestClock clock = new();
    private readonly FakeHttp http;
    private ulong head = 100;
    private ulong chainId = 1;
    private long headAge;
    private Action? onFirstAnswer;

    public PinnedChainTests() => http = new FakeHttp(request =>
    {
        var calls = JsonNode.Parse(request.Content!.ReadAsStream())!.AsArray();
        var first = onFirstAnswer;
        onFirstAnswer = null;
        first?.Invoke();
        return new HttpResponseMessage
        {
            Content = new StringContent(new JsonArray([.. calls.Select(call => (JsonNode?)new JsonObject
            {
                ["jsonrpc"] = "2.0", ["id"] = call!["id"]!.DeepClone(), ["result"] = Answer(call),
            })]).ToJsonString()),
        };
    });

    public void Dispose()
    {
        http.Dispose();
        directory.Dispose();
    }

    [Theory]
    [InlineData("depth:0", 100)]
    [InlineData("depth:12", 88)]
    [InlineData("safe", 68)]
    [InlineData("finalized", 36)]
    public async Task The_block_read_is_the_newest_at_the_configured_finality(string finality, ulong block)
    {
        var (pinned, now) = await (await ChainAsync(finality)).PinAsync(default);

        Assert.Equal(block, pinned.Number);
        Assert.Equal((ulong)clock.GetUtcNow().ToUnixTimeSeconds(), now);
    }

    [Theory]
    [InlineData("just young enough", 600, null)]
    [InlineData("too old", 601, "guardian.chain_stale")]
    [InlineData("from the future", -601, "guardian.chain_stale")]
    public async Task A_newest_block_far_from_our_clock_is_refused(string name, long age, string? code)
    {
        headAge = age;

        Assert.True(code == await CodeAsync(await ChainAsync("depth:0")), name);
    }

    [Fact]
    public async Task A_chain_that_goes_backwards_is_refused_also_after_a_restart()
    {
        var chain = await ChainAsync("depth:0");
        await chain.PinAsync(default);

        head = 99;
        Assert.Equal("guardian.chain_stale", await CodeAsync(chain));
        Assert.Equal("guardian.chain_stale", await CodeAsync(await ChainAsync("depth:0")));
        head = 100;
        Assert.Null(await CodeAsync(chain));
    }

    [Fact]
    public async Task Calls_at_the_same_time_that_see_neighbouring_blocks_are_both_answered()
    {
        var chain = await ChainAsync("depth:0");
        BlockPoint faster = default;
        // While one call waits for its answer, another one sees the next block.
        onFirstAnswer = () =>
        {
            head = 101;
            faster = Pin(chain);
            head = 100;
        };

        var (slow, _) = await chain.PinAsync(default);

        Assert.Equal((100UL, 101UL), (slow.Number, faster.Number));
        Assert.Equal("guardian.chain_stale", await CodeAsync(chain));
    }

    [Fact]
    public async Task Another_chain_is_refused()
    {
        chainId = 5;

        Assert.Equal("guardian.chain_wrong", await CodeAsync(await ChainAsync("depth:0")));
    }

    [Fact]
    public async Task A_chain_shorter_than_the_finality_is_not_ready()
    {
        head = 3;

        Assert.Equal("guardian.chain_unavailable", await CodeAsync(await ChainAsync("depth:12")));
    }

    [Theory]
    [InlineData("finalized", true)]
    [InlineData("depth:0", true)]
    [InlineData("depth:12", true)]
    [InlineData("latest", false)]
    [InlineData("depth:-1", false)]
    [InlineData("depth:", false)]
    [InlineData("depth:+3", false)]
    public void A_finality_is_finalized_safe_or_a_depth(string text, bool isOne) =>
        Assert.Equal(isOne ? text : null, FinalityRule.TryParse(text)?.ToString());

    private static async Task<string?> CodeAsync(PinnedChain chain)
    {
        try
        {
            await chain.PinAsync(default);
            return null;
        }
        catch (GuardianException e)
        {
            return e.Code;
        }
    }

    private static BlockPoint Pin(PinnedChain chain) => chain.PinAsync(default).GetAwaiter().GetResult().Block;

    private JsonNode? Answer(JsonNode call)
    {
        if ((string)call["method"]! == "eth_chainId")
            return $"0x{chainId:x}";
        var number = (string)call["params"]![0]! switch
        {
            "latest" => head, "safe" => head - 32, "finalized" => head - 64,
            var hex => Convert.ToUInt64(hex, 16),
        };
        return new JsonObject
        {
            ["number"] = $"0x{number:x}",
            ["hash"] = Keccak256.Hash([(byte)number]).ToString(),
            ["timestamp"] = $"0x{clock.GetUtcNow().ToUnixTimeSeconds() - headAge:x}",
        };
    }

    private async Task<PinnedChain> ChainAsync(string finality)
    {
        HttpClient client = new(http, disposeHandler: false);
        DaoReference dao = new(1, default, new ContributionRegistry(default), new AccessMarket(default), new GuardianRegistry(default));
        return new PinnedChain(
            new ChainRpc(new JsonRpcClient(client, new Uri("http://chain"), new JsonRpcOptions { MaxAttempts = 1 })), dao,
            new ChainSettings(FinalityRule.TryParse(finality)!, ChainSettings.DefaultMaxChainAge),
            await ChainMemory.OpenAsync(directory.File("chain.json"), default), clock);
    }
}
