using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client.Browser;

/// <summary>The form of a request builds the terms that everybody else reads.</summary>
public sealed class BrowserTermsTests
{
    [BrowserCodeFact]
    public async Task Terms_have_the_hash_that_the_contract_and_the_command_line_give_them()
    {
        using var vectors = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "testdata", "protocol-vectors.json")));
        var vector = vectors.RootElement.GetProperty("terms");
        Bytes32 Digest(string name) => Bytes32.Parse(vector.GetProperty(name).GetString()!);
        ulong Number(string name) => ulong.Parse(vector.GetProperty(name).ToString(), CultureInfo.InvariantCulture);
        var made = new GrantTerms(
            (GrantMode)Number("mode"), (Pricing)Number("pricing"), (ushort)Number("renewals"), (uint)Number("runs"), Number("duration"), Number("scope"),
            Address.Parse(vector.GetProperty("currency").GetString()!), new Wei(BigInteger.Parse(vector.GetProperty("price").ToString(), CultureInfo.InvariantCulture)),
            Digest("recipient"), Digest("purposeDigest"), Digest("jobDigest"), Digest("outputPolicyDigest"));
        GrantTerms[] terms =
        [
            made, made with { Mode = GrantMode.Raw, Pricing = Pricing.Sale, Renewals = 0, Runs = 0, Price = Wei.Zero, Currency = default },
            made with { Mode = GrantMode.Query, Price = new Wei((BigInteger.One << 112) - 1), Renewals = ushort.MaxValue, Runs = uint.MaxValue },
        ];
        var said = await BrowserOpener.CheckAsync(new JsonObject
        {
            ["terms"] = new JsonArray([.. terms.Select(t => JsonSerializer.SerializeToNode(t, WireJson.Default.GrantTerms))]),
        });
        Assert.Equal(Digest("hash").ToString(), (string)said["hashes"]![0]!);
        Assert.Equal(terms.Select(t => t.Hash().ToString()), said["hashes"]!.AsArray().Select(h => (string)h!));
    }

    [BrowserCodeFact]
    public async Task An_amount_is_read_exactly_or_not_at_all()
    {
        (string Text, int Decimals, string? Units)[] amounts =
        [
            ("1000", 6, "1000000000"), ("12.5", 6, "12500000"), ("0", 6, "0"), ("1,250.5", 6, "1250500000"), ("1 000 000", 0, "1000000"), (" 7 ", 18, "7000000000000000000"),
            ("0.000001", 6, "1"), ("1.50", 1, "15"), ("123456789012345678.123456789012345678", 18, "123456789012345678123456789012345678"),
            ("", 6, null), ("-1", 6, null), ("+1", 6, null), ("1e3", 6, null), ("0x10", 6, null), ("1.", 6, null), (".5", 6, null), ("1.2.3", 6, null), ("0.0000001", 6, null), ("0.5", 0, null),
            ("12,34", 6, null), ("1,0000", 6, null), ("1.000,5", 6, null), ("NaN", 6, null), ("١٢", 6, null), (new string('9', 40), 0, null),
        ];
        var said = await BrowserOpener.CheckAsync(new JsonObject
        {
            ["amounts"] = new JsonArray([.. amounts.Select(a => new JsonObject { ["text"] = a.Text, ["decimals"] = a.Decimals })]),
        });
        Assert.Equal(amounts.Select(a => (a.Text, a.Units)), amounts.Zip(said["amounts"]!.AsArray(), (a, read) => (a.Text, (string?)read)));
    }
}
