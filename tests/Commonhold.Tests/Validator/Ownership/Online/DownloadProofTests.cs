using Commonhold.Client;
using Commonhold.Validator.Ownership;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Tests.Validator.Ownership.Online;

/// <summary>The provider's own link, followed by the validator.</summary>
public sealed class DownloadProofTests : IAsyncLifetime
{
    private TestProvider _provider = null!;
    private EvidenceWorld _world = null!;

    public async Task InitializeAsync()
    {
        _provider = await TestProvider.StartAsync();
        _world = World(o => o);
    }

    public async Task DisposeAsync()
    {
        _world.Dispose();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task The_same_export_from_the_providers_own_host_is_authentic()
    {
        _provider.Download = EvidenceWorld.Export;
        ProofResult result = await VerifyAsync("/link/once");
        Assert.Equal((CheckOutcome.Passed, EvidenceLevel.Fetched), (result.Outcome, result.Level));
        Assert.Equal(["GET /link/once", "GET /file"], _provider.Requests);
    }

    [Theory]
    [InlineData("another export", "evidence.download_differs")]
    [InlineData("no export", "evidence.download_unreadable")]
    [InlineData("a broken one", "evidence.download_unreadable")]
    public async Task Anything_else_is_refused(string what, string code)
    {
        _provider.Download = what switch
        {
            "another export" => EvidenceWorld.Sample(3),
            "no export" => "hello"u8.ToArray(),
            _ => [.. EvidenceWorld.Export[..^100], .. new byte[100]],
        };
        Assert.Equal((CheckOutcome.Failed, code), (await VerifyAsync("/link/once")) is var r ? (r.Outcome, r.Refusal?.Code) : default);
    }

    [Fact]
    public async Task A_link_that_leads_into_the_validators_own_network_goes_nowhere()
    {
        ProofResult result = await VerifyAsync("/away/SECRET");
        Assert.Equal("evidence.host_not_allowed", result.Refusal?.Code);
        Assert.DoesNotContain("SECRET", result.ToString());
        Assert.Equal("evidence.host_not_allowed", (await _world.VerifyAsync(EvidenceItem.OfDownload("http://169.254.169.254/SECRET"))).Refusal?.Code);
    }

    [Fact]
    public async Task A_link_that_was_used_up_is_not_checked()
    {
        ProofResult result = await VerifyAsync("/link/SECRET");
        Assert.Equal(CheckOutcome.NotChecked, result.Outcome);
        Assert.DoesNotContain("SECRET", result.ToString());
    }

    [Fact]
    public async Task No_more_is_taken_than_the_operator_lets_in()
    {
        _provider.Download = EvidenceWorld.Export;
        using EvidenceWorld world = World(o => o with { MaxDownloadBytes = 1000 });
        ProofResult result = await world.VerifyAsync(EvidenceItem.OfDownload($"{_provider.Issuer}/link/once"));
        Assert.Equal(CheckOutcome.NotChecked, result.Outcome);
        Assert.StartsWith("evidence.answer_too_large", result.Reason);
    }

    [Fact]
    public void A_growing_memory_gives_back_what_was_written_and_no_more_than_its_limit()
    {
        using Commonhold.Validator.Ownership.Online.ChunkedSecretStream stream = new(3_000_000);
        byte[] written = new byte[2_500_000];
        System.Security.Cryptography.RandomNumberGenerator.Fill(written);
        for (int at = 0; at < written.Length; at += 99_999)
            stream.Write(written.AsSpan(at, Math.Min(99_999, written.Length - at)));
        stream.Position = 0;
        byte[] read = new byte[written.Length];
        stream.ReadExactly(read);
        Assert.Equal(0, stream.ReadByte() + 1);
        Assert.Equal(written, read);
        stream.Seek(1_048_570, SeekOrigin.Begin);
        stream.ReadExactly(read, 0, 20);
        Assert.Equal(written[1_048_570..1_048_590], read[..20]);
        stream.Seek(0, SeekOrigin.End);
        Assert.Throws<IOException>(() => stream.Write(new byte[500_001]));
    }

    private Task<ProofResult> VerifyAsync(string path) => _world.VerifyAsync(EvidenceItem.OfDownload($"{_provider.Issuer}{path}"));

    private EvidenceWorld World(Func<Commonhold.Validator.Ownership.Online.EvidenceOptions, Commonhold.Validator.Ownership.Online.EvidenceOptions> change) =>
        new(_provider.Authority, PolicySources.None with { Download = [new(EvidenceWorld.Platform, [_provider.Authority])] }, change);
}
