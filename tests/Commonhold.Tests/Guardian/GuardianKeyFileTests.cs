using Commonhold.Guardians;
using Commonhold.Guardians.Keys;

namespace Commonhold.Tests.Guardian;

public sealed class GuardianKeyFileTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly Passphrase passphrase = Passphrase.Of("correct horse battery staple");

    private string KeyPath => directory.File("guardian.age");

    public void Dispose()
    {
        passphrase.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task Keys_and_shares_come_back_as_they_were_saved()
    {
        using var keys = GuardianKeys.Generate();
        var share = TestShares.Ceremony(2, 3)[1];
        keys.Add(new HeldShare(31337, TestShares.Registry, 4, share));
        await GuardianKeyFile.SaveAsync(KeyPath, keys, passphrase, default, workFactor: 4);

        using var read = await GuardianKeyFile.OpenAsync(KeyPath, passphrase, default);

        Assert.Equal(keys.Account.Address, read.Account.Address);
        Assert.Equal(keys.Identity.Recipient, read.Identity.Recipient);
        Assert.Equal(share.Key.Recipient, read.ShareFor(31337, TestShares.Registry, 4)?.Key.Recipient);
        Assert.Equal(4, await GuardianKeyFile.WorkFactorAsync(KeyPath, default));
    }

    [Fact]
    public async Task A_share_answers_for_no_other_chain_registry_or_epoch()
    {
        using var keys = GuardianKeys.Generate();
        keys.Add(new HeldShare(31337, TestShares.Registry, 4, TestShares.Ceremony(2, 3)[1]));

        Assert.Null(keys.ShareFor(1, TestShares.Registry, 4));
        Assert.Null(keys.ShareFor(31337, keys.Account.Address, 4));
        Assert.Null(keys.ShareFor(31337, TestShares.Registry, 5));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_key_and_only_with_the_passphrase()
    {
        using var keys = GuardianKeys.Generate();
        await GuardianKeyFile.SaveAsync(KeyPath, keys, passphrase, default, workFactor: 4);
        using var wrong = Passphrase.Of("correct horse battery stapler");

        Assert.True(OperatingSystem.IsLinux() && File.GetUnixFileMode(KeyPath) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        var refused = await Assert.ThrowsAsync<GuardianException>(() => GuardianKeyFile.OpenAsync(KeyPath, wrong, default));
        Assert.Equal("guardian.key_file_invalid", refused.Code);
        Assert.DoesNotContain(keys.Identity.ExportSecret(), await File.ReadAllTextAsync(KeyPath));
    }

    [Fact]
    public async Task A_key_is_never_overwritten_by_a_second_init()
    {
        var (account, _) = await GuardianRuntime.InitializeAsync(directory.Path, passphrase, default, workFactor: 4);

        var refused = await Assert.ThrowsAsync<GuardianException>(
            () => GuardianRuntime.InitializeAsync(directory.Path, passphrase, default, workFactor: 4));

        Assert.Equal("guardian.key_file_invalid", refused.Code);
        using var keys = await GuardianKeyFile.OpenAsync(KeyPath, passphrase, default);
        Assert.Equal(account, keys.Account.Address);
    }

    [Fact]
    public void Two_guardians_cannot_use_one_directory()
    {
        using var first = GuardianDirectory.Open(directory.Path);

        var refused = Assert.Throws<GuardianException>(() => GuardianDirectory.Open(directory.Path));

        Assert.Equal("guardian.directory_busy", refused.Code);
    }
}
