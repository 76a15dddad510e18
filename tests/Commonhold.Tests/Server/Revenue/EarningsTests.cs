using System.Numerics;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Revenue;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Server.Revenue;

public sealed class EarningsTests
{
    private static readonly Currency Usdc = new(default, "USDC", 6) { IsKnown = true };

    [Fact]
    public void The_parts_of_a_claim_add_up_to_what_the_chain_paid() => Prop.ForAll<PositiveInt, PositiveInt[]>((paid, expected) =>
    {
        var parts = ClaimedParts.Divide(new Wei(paid.Get), [.. expected.Select(part => new Wei(part.Get))]);
        return parts.Count == expected.Length && parts.All(part => part >= Wei.Zero)
            && (expected.Length == 0 || parts.Aggregate(Wei.Zero, (sum, part) => sum + part) == new Wei(paid.Get));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("nothing to put right", 100, new[] { 60, 40 }, new[] { 60, 40 })]
    [InlineData("a unit more for who came late", 101, new[] { 60, 40 }, new[] { 61, 40 })]
    [InlineData("a unit less", 99, new[] { 30, 70 }, new[] { 30, 69 })]
    public void A_unit_of_rounding_goes_to_the_largest_part(string why, int paid, int[] expected, int[] parts)
    {
        Assert.NotEmpty(why);
        Assert.Equal(parts.Select(part => new Wei(part)), ClaimedParts.Divide(new Wei(paid), [.. expected.Select(part => new Wei(part))]));
    }

    [Theory]
    [InlineData("plain", "USDC", "USDC")]
    [InlineData("a formula", "=1+1", "'=1+1")]
    [InlineData("another", "@SUM(A1)", "'@SUM(A1)")]
    [InlineData("a number below zero is text too", "-5", "'-5")]
    [InlineData("a comma", "a,b", "\"a,b\"")]
    [InlineData("quotes", "say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("a formula over lines", "+a\r\nb", "\"'+a\r\nb\"")]
    [InlineData("nothing", "", "")]
    public void A_cell_is_text_in_every_spreadsheet(string why, string value, string cell)
    {
        Assert.NotEmpty(why);
        Assert.Equal(cell, EarningsCsv.Field(value));
    }

    [Fact]
    public void The_file_has_a_line_for_each_entry_and_exact_amounts()
    {
        var csv = EarningsCsv.Write([
            new EarningsEntry(1_700_000_000, EarningsKind.RevenueEarned, new Wei(1_500_000), Usdc, [3], new GrantId(7), Bytes32.Zero),
            new EarningsEntry(1_700_000_001, EarningsKind.RevenueClaimed, new Wei(1), Usdc, [3, 4], null, Bytes32.Zero),
        ]);
        var lines = csv.Split("\r\n");
        Assert.Equal(4, lines.Length);
        Assert.Equal("", lines[3]);
        Assert.StartsWith("2023-11-14T22:13:20Z,revenue earned,1.5,USDC,0x0000000000000000000000000000000000000000,3,7,0x", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("2023-11-14T22:13:21Z,revenue claimed,0.000001,USDC,0x0000000000000000000000000000000000000000,3 4,,0x", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_rises_once_for_each_payment_and_ends_at_the_top()
    {
        var chart = EarningsChart.Of([Part(2, 300, 2_000), Part(1, 100, 1_000)], now: 3_000)!;
        Assert.Equal(2, chart.Rises.Count);
        Assert.True(chart.Rises[0].Y > chart.Rises[1].Y && chart.Rises[0].X < chart.Rises[1].X);
        Assert.Equal(new Wei(400), chart.Total);
        Assert.EndsWith($"{EarningsChart.Right},8", chart.Line, StringComparison.Ordinal);
        Assert.Contains("0.0001 USDC", chart.Rises[0].Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_of_nothing_is_not_drawn()
    {
        Assert.Null(EarningsChart.Of([], 1));
        Assert.Null(EarningsChart.Of([Part(1, 0, 1)], 1));
        Assert.NotNull(EarningsChart.Of([Part(1, 5, 10)], now: 0));
    }

    [Theory]
    [InlineData("a word", "USDC", "USDC")]
    [InlineData("markup", "<b>", null)]
    [InlineData("another word's look", "USD\u200bC", null)]
    [InlineData("too long", "ABCDEFGHIJKL", null)]
    [InlineData("nothing", "", null)]
    public void A_currency_that_calls_itself_no_plain_word_is_shown_by_its_address(string why, string symbol, string? shown)
    {
        Assert.NotEmpty(why);
        var answer = new CallOutcome(AbiEncoder.Encode([AbiType.Text], [symbol]), null);
        Assert.Equal(shown ?? "0x000000…000000", Currencies.SymbolOf(default, answer));
    }

    [Fact]
    public void A_currency_that_answers_nonsense_counts_in_its_smallest_unit()
    {
        Assert.Equal(0, Currencies.DecimalsOf(new CallOutcome(default, null)));
        Assert.Equal(0, Currencies.DecimalsOf(new CallOutcome(AbiEncoder.Encode([AbiType.UInt256], [BigInteger.Pow(2, 200)]), null)));
        Assert.Equal(0, Currencies.DecimalsOf(new CallOutcome(AbiEncoder.Encode([AbiType.UInt256], [200]), null)));
        Assert.Equal(6, Currencies.DecimalsOf(new CallOutcome(AbiEncoder.Encode([AbiType.UInt256], [6]), null)));
        Assert.Equal("MKR", Currencies.SymbolOf(default, new CallOutcome(new byte[] { (byte)'M', (byte)'K', (byte)'R' }.Concat(new byte[29]).ToArray(), null)));
    }

    private static EarnedPart Part(long id, int amount, long at) => new(id, Usdc, new Wei(amount), new Wei(amount), false, at, null, Bytes32.Zero);
}
