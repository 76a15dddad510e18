using Commonhold.Age;
using Xunit;

namespace Commonhold.Tests.Age;

public sealed class AgeFileTests
{
    [Theory]
    [InlineData("empty", 0)]
    [InlineData("one byte", 1)]
    [InlineData("a chunk less one", 65535)]
    [InlineData("a chunk", 65536)]
    [InlineData("a chunk and one", 65537)]
    [InlineData("two chunks", 131072)]
    [InlineData("many segments", 3_000_001)]
    public async Task A_file_opens_to_what_was_sealed(string _, int size)
    {
        var plaintext = Sample.Bytes(size);
        using var identity = X25519Identity.Generate();
        foreach (var armor in new[] { false, true })
        {
            var file = await Sample.EncryptAsync(plaintext, new AgeOptions { Armor = armor }, identity.Recipient);
            Assert.Equal(plaintext, await Sample.DecryptAsync(file, identity));
        }
    }

    [Fact]
    public async Task Any_of_several_recipients_opens_the_file()
    {
        using var first = X25519Identity.Generate();
        using var second = X25519Identity.Generate();
        using var stranger = X25519Identity.Generate();
        var file = await Sample.EncryptAsync([1, 2, 3], null, first.Recipient, second.Recipient);

        Assert.Equal([1, 2, 3], await Sample.DecryptAsync(file, first));
        Assert.Equal([1, 2, 3], await Sample.DecryptAsync(file, stranger, second));
        var refusal = await Assert.ThrowsAsync<AgeException>(() => Sample.DecryptAsync(file, stranger));
        Assert.Equal(AgeErrors.NoIdentity, refusal.Code);
    }
}
