using System.Text;
using System.Text.Json.Nodes;
using Commonhold.Age;
using Xunit;

namespace Commonhold.Tests.Age;

public sealed class KeyCeremonyTests
{
    [Fact]
    public void Everybody_ends_with_the_same_key_and_a_share_of_their_own()
    {
        var shares = Ceremonies.Run(3, 5);
        Assert.Single(shares.Select(s => s.Key.Recipient).Distinct());
        Assert.Equal([1, 2, 3, 4, 5], shares.Select(s => s.Index));
        Assert.Equal(3, shares[0].Key.Threshold);
        // What goes on chain is enough to know everything public.
        var parsed = ThresholdKey.Parse(5, shares[0].Key.Commitments.Select(c => (ReadOnlyMemory<byte>)c.Bytes.ToArray()));
        Assert.Equal(shares[0].Key.Recipient, parsed.Recipient);
        Assert.Equal(shares[4].Key.PublicShare(5), parsed.PublicShare(5));
    }

    [Fact]
    public void A_guardian_that_restarts_after_every_message_ends_with_the_same_key()
    {
        var ceremonies = Ceremonies.Start(2, 3, out var identities);
        for (var round = 0; round < KeyCeremony.Rounds; round++)
        {
            var messages = ceremonies.ConvertAll(c => c.MessageOf(round)!);
            for (var receiver = 0; receiver < 3; receiver++)
            {
                for (var from = 1; from <= 3; from++)
                {
                    using var saved = ceremonies[receiver].Save();
                    ceremonies[receiver].Dispose();
                    ceremonies[receiver] = KeyCeremony.Restore(saved.Span, identities[receiver]);
                    Assert.Equal(messages[receiver], ceremonies[receiver].MessageOf(round));
                    ceremonies[receiver].Accept(round, from, messages[from - 1]);
                }
            }
        }

        Assert.All(ceremonies, c => Assert.True(c.IsComplete));
        Assert.Single(ceremonies.Select(c => c.Share!.Key.Recipient).Distinct());
    }

    [Fact]
    public void A_saved_ceremony_opens_for_its_own_identity_only_and_damage_is_noticed()
    {
        using var ceremony = Ceremonies.Start(2, 3, out var identities)[0];
        using var saved = ceremony.Save();
        Assert.Equal(AgeErrors.CeremonyState, Code(() => KeyCeremony.Restore(saved.Span, identities[1])));
        Assert.Equal(AgeErrors.CeremonyState, Code(() => KeyCeremony.Restore(saved.Span[..^1], identities[0])));
        Assert.Equal(AgeErrors.CeremonyState, Code(() => KeyCeremony.Restore(saved.Span[..10], identities[0])));
    }

    [Fact]
    public void A_bad_share_names_its_dealer_to_everybody()
    {
        var ceremonies = Ceremonies.Start(3, 5, out var identities);
        Ceremonies.Exchange(ceremonies, 0);
        Ceremonies.Exchange(ceremonies, 1);
        // Dealer 4 sends guardian 1 something well formed that does not fit: the share it owes guardian 2.
        Ceremonies.Exchange(ceremonies, 2, (from, message) => from != 4 ? message : Change(message, deal =>
        {
            var shares = deal["shares"]!.AsArray();
            shares[0] = Convert.ToBase64String(AgeFile.Seal(
                AgeFile.Open(Convert.FromBase64String((string)shares[1]!), identities[1]).Span, identities[0].Recipient));
        }));
        Assert.Equal((4, "ceremony.bad_share"), (ceremonies[0].Fault!.Dealer, ceremonies[0].Fault!.Code));
        Assert.Null(ceremonies[0].Share);

        Ceremonies.Exchange(ceremonies, 3);
        Assert.All(ceremonies.Where(c => c.Self is not 1 and not 4), c => Assert.Equal((4, 1), (c.Fault!.Dealer, c.Fault.Accuser)));
        Assert.All(ceremonies, c => Assert.Null(c.Share));
    }

    [Fact]
    public void A_complaint_survives_a_restart()
    {
        var ceremonies = Ceremonies.Start(2, 3, out var identities);
        Ceremonies.Exchange(ceremonies, 0);
        Ceremonies.Exchange(ceremonies, 1);
        Ceremonies.Exchange(ceremonies, 2, (from, message) => from != 2 ? message : Change(message, deal => deal["shares"]![0] = "AAAA"));
        var complaint = ceremonies[0].MessageOf(3);
        Assert.NotNull(complaint);
        using var saved = ceremonies[0].Save();
        using var restored = KeyCeremony.Restore(saved.Span, identities[0]);
        Assert.Equal(ceremonies[0].Fault, restored.Fault);
        Assert.Equal(complaint, restored.MessageOf(3));
    }

    [Theory]
    [InlineData("the opening differs from what was committed to", 1, "proof", "ceremony.changed_opening")]
    [InlineData("a recipient is no recipient", 0, "recipient", "ceremony.malformed")]
    [InlineData("a commitment is no digest", 0, "commitment", "ceremony.malformed")]
    [InlineData("the transcript is another", 3, "transcript", "ceremony.transcript_differs")]
    public void A_message_that_does_not_check_names_its_sender(string _, int round, string field, string code)
    {
        var ceremonies = Ceremonies.Start(2, 3, out var _);
        for (var earlier = 0; earlier < round; earlier++) Ceremonies.Exchange(ceremonies, earlier);
        Ceremonies.Exchange(ceremonies, round, (from, message) => from != 3 ? message : Change(message, m => m[field] = "00"));
        Assert.Equal((3, code), (ceremonies[0].Fault!.Dealer, ceremonies[0].Fault!.Code));
        Assert.False(ceremonies[0].IsComplete);
    }

    [Fact]
    public void A_dealer_that_does_not_know_its_own_part_is_named()
    {
        // Dealer 3 commits to another's commitments, as one would to cancel them; it cannot make the proof for them.
        var ceremonies = Ceremonies.Start(2, 3, out var identities);
        var stolen = JsonNode.Parse(OpeningOf(ceremonies[0]))!;
        using var victim = KeyCeremony.Start(Ceremonies.Terms(2, 3), 2, identities[1]);
        var forged = Encoding.UTF8.GetBytes(stolen.ToJsonString());
        var terms = Ceremonies.Terms(2, 3).Digest();
        var number = ScalarMath.Small(3);
        var digest = System.Security.Cryptography.SHA256.HashData([.. "commonhold/v1/ceremony-commitment\n"u8, .. terms, .. number, .. forged]);
        victim.Accept(0, 1, ceremonies[0].MessageOf(0));
        victim.Accept(0, 3, Change(ceremonies[2].MessageOf(0)!, m => m["commitment"] = Convert.ToHexStringLower(digest)));
        Assert.Equal(1, victim.Round);
        victim.Accept(1, 3, forged);
        Assert.Equal((3, "ceremony.bad_proof"), (victim.Fault!.Dealer, victim.Fault.Code));
    }

    [Fact]
    public void Two_messages_in_one_round_name_their_sender_and_a_repeated_one_does_not()
    {
        var ceremonies = Ceremonies.Start(2, 3, out var _);
        var hello = ceremonies[1].MessageOf(0)!;
        Assert.True(ceremonies[0].Accept(0, 2, hello));
        Assert.False(ceremonies[0].Accept(0, 2, hello));
        Assert.Null(ceremonies[0].Fault);
        ceremonies[0].Accept(0, 2, ceremonies[2].MessageOf(0));
        Assert.Equal((2, "ceremony.two_messages"), (ceremonies[0].Fault!.Dealer, ceremonies[0].Fault!.Code));
    }

    [Fact]
    public void Nothing_is_opened_before_everybody_has_committed()
    {
        var ceremonies = Ceremonies.Start(2, 3, out var _);
        Assert.Null(ceremonies[0].MessageOf(1));
        ceremonies[0].Accept(0, 2, ceremonies[1].MessageOf(0));
        Assert.Null(ceremonies[0].MessageOf(1));
        Assert.Equal([3], ceremonies[0].Missing);
        Assert.Equal(AgeErrors.CeremonyState, Code(() => ceremonies[0].Accept(1, 2, "{}"u8)));
    }

    [Fact]
    public void Shares_of_another_ceremony_are_refused()
    {
        var ours = Ceremonies.Start(2, 3, out var identities);
        var theirs = Enumerable.Range(1, 3).Select(i => KeyCeremony.Start(
            new CeremonyTerms("another"u8.ToArray(), 2, 3), i, identities[i - 1])).ToList();
        for (var round = 0; round < 2; round++)
        {
            Ceremonies.Exchange(ours, round);
            Ceremonies.Exchange(theirs, round);
        }

        ours[0].Accept(2, 2, ours[1].MessageOf(2));
        ours[0].Accept(2, 3, theirs[2].MessageOf(2));
        Assert.Equal((3, "ceremony.bad_share"), (ours[0].Fault!.Dealer, ours[0].Fault!.Code));
    }

    // An opening is not shown before its round; its saved state holds it as JSON.
    private static string OpeningOf(KeyCeremony ceremony)
    {
        using var saved = ceremony.Save();
        var text = Encoding.Latin1.GetString(saved.Span);
        var start = text.IndexOf("{\"commitments\"", StringComparison.Ordinal);
        return text[start..(text.IndexOf('}', start) + 1)];
    }

    private static byte[] Change(byte[] message, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(message)!;
        change(node);
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    private static string Code(Action action) => Assert.Throws<AgeException>(action).Code;
}
