using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

/// <summary>What one side writes, the other reads: also when everything optional is absent.</summary>
public sealed class WireTests
{
    private static readonly Bytes32 Digest = Keccak256.Hash("d"u8);
    private static readonly Address Account = Address.Parse("0xb9db0d48C752903BEc5Ed43d56571b032b0729f1");
    private static readonly GrantTerms Terms = new(
        GrantMode.Anonymised, Pricing.Rent, 1, 2, 3, 4, Account, new Wei(System.Numerics.BigInteger.Pow(2, 100)), Digest, Digest, Digest, Digest);

    [Fact]
    public void Records_survive_the_wire_with_everything_optional_absent()
    {
        Signature signature = Signature.Parse("0x" + new string('1', 128) + "1b");
        Same(new DatasetInfo(null, 0, false, Digest, "s", Digest), WireJson.Default.DatasetInfo);
        Same(new ValidatorInfo(Account), WireJson.Default.ValidatorInfo);
        Same(new ValidatorInfo(Account, "age1", signature), WireJson.Default.ValidatorInfo);
        Same(new GuardianEndpoint(1, Account), WireJson.Default.GuardianEndpoint);
        Same(new ContributionStatus(Digest, Account, 1, ContributionState.Waiting, 2), WireJson.Default.ContributionStatus);
        Same(new ContributionStatus(Digest, Account, 1, ContributionState.Committed, 2, null, "{}", new BatchId(0), 0, true), WireJson.Default.ContributionStatus);
        Same(new BatchInfo(new BatchMessage(new BatchId(1), Digest, Digest, 1, new Points(1), Digest, new Points(2)), Digest), WireJson.Default.BatchInfo);
        Same(new RelayStatus("x", RelayState.Queued), WireJson.Default.RelayStatus);
        Same(Terms, WireJson.Default.GrantTerms);
    }

    [Fact]
    public void A_report_survives_whole()
    {
        Report report = new(Report.CurrentVersion, Digest, Account, 5, false, Points.Zero, new Refusal("a.b", "Detail."), Digest, EvidenceLevel.OpenId, new Points(9),
            Findings.NotChecked("It was refused."), [new CheckResult("x", CheckOutcome.NotChecked, "why", new Dictionary<string, string> { ["n"] = "1" })], [new ValuePart("posts", 2, 1, new Points(3))], Digest);
        Report read = Report.Parse(report.ToJsonBytes()).Value;
        Assert.Equal(report.ToJsonBytes(), read.ToJsonBytes());
        Assert.Contains("\"level\":\"openid\"", System.Text.Encoding.UTF8.GetString(report.ToJsonBytes()), StringComparison.Ordinal);
        Assert.Contains("not_checked", System.Text.Encoding.UTF8.GetString(report.ToJsonBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void Terms_use_the_words_of_the_design()
    {
        string json = JsonSerializer.Serialize(Terms, WireJson.Default.GrantTerms);
        Assert.Contains("\"mode\":\"anonymised\",\"pricing\":\"rent\"", json, StringComparison.Ordinal);
        Assert.Contains("\"price\":\"1267650600228229401496703205376\"", json, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json.Replace("\"anonymised\"", "1", StringComparison.Ordinal), WireJson.Default.GrantTerms));
    }

    [Theory]
    [InlineData("high s", "0x1111111111111111111111111111111111111111111111111111111111111111ffffffffffffffffffffffffffffffffbaaedce6af48a03bbfd25e8cd03641401b")]
    [InlineData("v of 0", "0x1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111100")]
    [InlineData("64 bytes", "0x11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111")]
    public void A_signature_has_one_form(string what, string text)
    {
        Assert.NotEmpty(what);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize($"{{\"recipient\":\"age1\",\"signature\":\"{text}\"}}", WireJson.Default.ValidatorRecipient));
    }

    [Fact]
    public void Amounts_are_shown_in_units()
    {
        Assert.Equal("1.5", new Wei(1_500_000_000_000_000_000).ToUnits(18));
        Assert.Equal("0.000001", new Wei(1).ToUnits(6));
        Assert.Equal("7", new Wei(7).ToUnits(0));
        Assert.Equal("2", new Points(2_000_000).ToTokenUnits().ToUnits(18));
    }

    private static void Same<T>(T value, JsonTypeInfo<T> type) =>
        Assert.Equal(value, JsonSerializer.Deserialize(JsonSerializer.Serialize(value, type), type));
}
