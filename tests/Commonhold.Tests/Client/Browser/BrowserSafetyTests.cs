using Xunit;

namespace Commonhold.Tests.Client.Browser;

/// <summary>What the browser's code makes of a lying node, a lying endpoint and a hostile currency: web/agreement/safety.ts plays them.</summary>
public sealed class BrowserSafetyTests
{
    [BrowserCodeFact]
    public async Task Nothing_is_signed_on_the_word_of_a_node_an_endpoint_or_a_currency()
    {
        (string Case, string Answer)[] expected =
        [
            ("a symbol that is no word", """{"address":"0x00000000000000000000000000000000000000A1","symbol":"0x000000…0000A1","decimals":6}"""),
            ("a symbol in 32 bytes", """{"address":"0x00000000000000000000000000000000000000A1","symbol":"MKR","decimals":6}"""),
            ("a chain that is away while money is read", "ChainUnavailable"),
            ("a permit of this chain", "\"made\""),
            ("a permit of another chain", "\"none\""),
            ("a transaction for this chain", "signed"),
            ("a transaction for another chain", "ChainMismatch"),
            ("a fee that burns the account", "asks for a fee of up to 25.0000000000005"),
            ("a deployment that burns the gas money", "asks for a fee of up to 200.000000000004"),
            ("a creation that would burn it", "asks for a fee of up to 200.000000000004"),
            ("an endpoint that is away for a moment", "true"),
            ("a chain that answers without end", "\"ChainUnavailable after 32 MiB\""),
            ("a node that refuses without end", "\"node.unreadable after 1 × 64 KiB\""),
            ("a node that answers without end", "\"node.unreadable after 32 MiB\""),
            ("a node that answers in half words", "\"node.unreadable\""),
            ("a node that refuses in no words", "\"node.unreadable,node.unreadable,node.unreadable\""),
            ("an honest page", "\"held\""),
            ("an honest page without a purpose", "\"held\""),
            ("a purpose that nobody can check", "ProposalAltered"),
            ("another currency of the same name", "ProposalAltered"),
            ("other words of the proposer", "ProposalAltered"),
        ];
        var answers = await NodeScript.AskAsync("web", "dist/safety.mjs", [.. expected.Select(row => row.Case)]);
        Assert.All(expected.Zip(answers), pair => Assert.True(pair.Second.Contains(pair.First.Answer, StringComparison.Ordinal), $"{pair.First.Case}: {pair.Second}"));
    }


}
