using System.Numerics;
using Commonhold.Client;
using Commonhold.Server.Governance;
using Xunit;

namespace Commonhold.Tests.Server.Governance;

public sealed class ProposalWordsTests
{
    [Theory]
    [InlineData("pending", "Opens soon", false, true)]
    [InlineData("active", "Open", false, true)]
    [InlineData("succeeded", "Passed", true, true)]
    [InlineData("queued", "Passed, waiting", false, true)]
    [InlineData("executed", "Carried out", false, false)]
    [InlineData("defeated", "Defeated", false, false)]
    [InlineData("canceled", "Cancelled", false, false)]
    [InlineData("expired", "Expired", false, false)]
    [InlineData("unknown", "Unknown", false, false)]
    public void Every_state_has_plain_words(string state, string words, bool isReady, bool isOpen)
    {
        var view = View(state);
        Assert.Equal((words, isReady, isOpen), (ProposalWords.State(view, 100).Words, ProposalWords.IsReady(view, 100), ProposalWords.IsOpen(view)));
        Assert.EndsWith(".", ProposalWords.Explain(view, 100), StringComparison.Ordinal);
    }

    [Fact]
    public void What_waited_long_enough_is_ready()
    {
        Assert.Equal("Passed, ready", ProposalWords.State(View("queued"), 500).Words);
        Assert.True(ProposalWords.IsReady(View("queued"), 500));
        Assert.Equal(500, ProposalWords.DueAt(View("queued"), 100));
        Assert.Null(ProposalWords.DueAt(View("queued"), 500));
    }

    [Fact]
    public void A_defeat_says_whether_too_few_took_part()
    {
        Assert.Contains("quorum", ProposalWords.Explain(View("defeated") with { Quorum = new Wei(10) }, 1), StringComparison.Ordinal);
        Assert.Contains("against", ProposalWords.Explain(View("defeated") with { Quorum = Wei.Zero }, 1), StringComparison.Ordinal);
        // Votes against do not count towards the quorum; where they are the most, they are the reason.
        var refused = View("defeated") with { Quorum = new Wei(10), Votes = new Tally(Against: new Wei(2), For: new Wei(1), Abstain: Wei.Zero) };
        Assert.StartsWith("More votes were against it", ProposalWords.Explain(refused, 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1000000000000000000000", "1,000")]
    [InlineData("1239999999999999999", "1.23")]
    [InlineData("1200000000000000000", "1.2")]
    [InlineData("1", "less than 0.01")]
    [InlineData("1000000000000000001", "1")]
    [InlineData("0", "0")]
    public void Votes_are_never_rounded_up(string units, string words) =>
        Assert.Equal(words, ProposalWords.Votes(new Wei(BigInteger.Parse(units, System.Globalization.CultureInfo.InvariantCulture))));

    [Theory]
    [InlineData("1000000000000000000000", "1,000")]
    [InlineData("1450000000000000001", "1.46")]
    [InlineData("1", "0.01")]
    public void What_it_takes_is_never_rounded_down(string units, string words) =>
        Assert.Equal(words, ProposalWords.Needed(new Wei(BigInteger.Parse(units, System.Globalization.CultureInfo.InvariantCulture))));

    private static ProposalView View(string state) =>
        new("1", state, default, "", ["Do it."], [], 10, 20, 200, new Tally(Wei.Zero, Wei.Zero, Wei.Zero), 1, state == "queued" ? 500 : null);
}
