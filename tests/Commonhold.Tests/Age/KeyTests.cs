using System.Reflection;
using Commonhold.Age;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Age;

public sealed class KeyTests
{
    // The age specification's own example key pair.
    private const string Secret = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

    private const string Public = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

    [Fact]
    public void The_known_key_pair_belongs_together()
    {
        using var identity = X25519Identity.Parse(Secret);
        Assert.Equal(Public, identity.Recipient.ToString());
        Assert.Equal(Secret, identity.ExportSecret());
        Assert.Equal(identity.Recipient, X25519Recipient.Parse(Public));
        Assert.DoesNotContain("SECRET", identity.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", "")]
    [InlineData("upper case", "AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ")]
    [InlineData("mixed case", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwJ")]
    [InlineData("one letter wrong", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwq")]
    [InlineData("too short", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujw")]
    [InlineData("a secret key", Secret)]
    [InlineData("not ascii", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnuj\u212a\u212a")]
    public void What_is_not_a_recipient_is_refused(string _, string text)
    {
        Assert.Null(X25519Recipient.TryParse(text));
        Assert.Equal(AgeErrors.Recipient, Assert.Throws<AgeException>(() => X25519Recipient.Parse(text)).Code);
    }

    [Fact]
    public void A_refused_identity_is_not_repeated_in_the_message()
    {
        var refusal = Assert.Throws<AgeException>(() => X25519Identity.Parse(Secret[..^1] + "Y"));
        Assert.Equal(AgeErrors.Identity, refusal.Code);
        Assert.DoesNotContain("GFPYY", refusal.Message + refusal.Hint, StringComparison.Ordinal);
    }

    // BIP 173 "Test vectors": valid Bech32 strings whose data is whole bytes or none.
    [Theory]
    [InlineData("A12UEL5L", "a")]
    [InlineData("a12uel5l", "a")]
    [InlineData("an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs", "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio")]
    public void Bip173_strings_decode(string text, string prefix) => Assert.True(Bech32.TryDecode(text, prefix, []));

    [Theory]
    [InlineData("checksum calculated with upper case", "A1G7SGD8", "a")]
    [InlineData("invalid character in checksum", "de1lg7wt\u00ff", "de")]
    [InlineData("mixed case", "A12uEL5L", "a")]
    [InlineData("too short a checksum", "li1dgmt3", "li")]
    [InlineData("another prefix", "a12uel5l", "b")]
    public void Wrong_bech32_is_refused(string _, string text, string prefix) => Assert.False(Bech32.TryDecode(text, prefix, []));

    [Fact]
    public void Bech32_decodes_what_it_encodes_and_one_changed_letter_is_refused() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<byte>().ArrayOf(32).Zip(Gen.Choose(4, 61)).ToArbitrary(),
        sample =>
        {
            var (data, at) = sample;
            var text = Bech32.Encode("age", data);
            var decoded = new byte[32];
            Assert.True(Bech32.TryDecode(text, "age", decoded));
            Assert.Equal(data, decoded);
            var changed = text.ToCharArray();
            changed[at] = changed[at] == 'q' ? 'p' : 'q';
            Assert.False(Bech32.TryDecode(changed, "age", decoded));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Key_files_have_comments_and_name_the_line_that_is_wrong()
    {
        using var identity = X25519Identity.Generate();
        var text = KeyFile.Write(identity, DateTimeOffset.UnixEpoch);
        Assert.Contains($"# public key: {identity.Recipient}\n", text, StringComparison.Ordinal);
        Assert.Equal(identity.Recipient, KeyFile.ReadIdentities(new StringReader("\n# more\n" + text)).Single().Recipient);

        var refusal = Assert.Throws<AgeException>(() => KeyFile.ReadIdentities(new StringReader("# x\n\nAGE-SECRET-KEY-1NO\n")));
        Assert.Contains("Line 3", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(AgeErrors.KeyFile, refusal.Code);
        Assert.Equal(AgeErrors.KeyFile, Assert.Throws<AgeException>(() => KeyFile.ReadIdentities(new StringReader("# only\n"))).Code);
        Assert.Equal(2, KeyFile.ReadRecipients(new StringReader($"{Public}\r\n#\n{identity.Recipient}")).Count);
    }

    [Fact]
    public async Task A_passphrase_opens_only_its_own_file_and_stands_alone()
    {
        using var recipient = new ScryptRecipient("correct horse", workFactor: 10);
        using var right = new ScryptIdentity("correct horse");
        using var wrong = new ScryptIdentity("battery staple");
        using var other = X25519Identity.Generate();
        var file = await Sample.EncryptAsync([1, 2], null, recipient);

        Assert.Equal([1, 2], await Sample.DecryptAsync(file, other, wrong, right));
        Assert.Equal(AgeErrors.NoIdentity, (await Assert.ThrowsAsync<AgeException>(() => Sample.DecryptAsync(file, wrong))).Code);
        await Assert.ThrowsAsync<AgeException>(() => Sample.EncryptAsync([1], null, recipient, other.Recipient));

        using var careful = new ScryptIdentity("correct horse", maxWorkFactor: 9);
        Assert.Equal(AgeErrors.WorkFactor, (await Assert.ThrowsAsync<AgeException>(() => Sample.DecryptAsync(file, careful))).Code);
    }

    [Fact]
    public void Recipients_and_shares_of_low_order_are_refused()
    {
        using var identity = X25519Identity.Generate();
        using var key = FileKey.Generate();
        foreach (var (name, point) in HostilePoints.LowOrder())
        {
            Assert.Equal(AgeErrors.Recipient, Assert.Throws<AgeException>(() => AgeFile.Seal([], new X25519Recipient(point))).Code);
            var header = AgeHeader.Parse(HeaderWriter.Write([X25519Stanza.Write(point, point, new byte[32], key)], key));
            Assert.True(AgeErrors.MalformedHeader == Assert.Throws<AgeException>(() => identity.Unwrap(header)).Code, name);
        }
    }

    [Fact]
    public void Disposed_secrets_are_zero_and_unreadable()
    {
        var secret = SecretBytes.CopyOf([1, 2, 3]);
        var memory = (byte[])typeof(SecretBytes).GetField("bytes", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(secret)!;
        Assert.True(secret.FixedTimeEquals([1, 2, 3]));
        secret.Dispose();
        Assert.Equal(new byte[3], memory);
        Assert.Throws<ObjectDisposedException>(() => secret.Span[0]);
        Assert.Equal("SecretBytes(3)", secret.ToString());
    }
}
