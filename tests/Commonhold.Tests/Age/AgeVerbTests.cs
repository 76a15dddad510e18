using Commonhold.Age;
using Commonhold.Cli;
using Xunit;

namespace Commonhold.Tests.Age;

/// <summary>`commonhold age …` as a person types it, on files.</summary>
public sealed class AgeVerbTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("commonhold-age-").FullName;

    [Fact]
    public async Task A_new_key_opens_what_was_encrypted_to_it()
    {
        var recipient = await NewKeyAsync("key.txt");
        await File.WriteAllTextAsync(At("letter"), "dear all");

        Assert.Equal(ExitCode.Ok, (await RunAsync("encrypt", "-a", "-r", recipient, "-o", At("letter.age"), At("letter"))).Code);
        Assert.StartsWith("-----BEGIN AGE ENCRYPTED FILE-----\n", await File.ReadAllTextAsync(At("letter.age")), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await RunAsync("decrypt", "-i", At("key.txt"), "-o", At("back"), At("letter.age"))).Code);
        Assert.Equal("dear all", await File.ReadAllTextAsync(At("back")));

        // The same without a verb, as age itself is called.
        await File.WriteAllTextAsync(At("recipients"), $"# us\n{recipient}\n");
        Assert.Equal(ExitCode.Ok, (await RunAsync("-R", At("recipients"), "-o", At("second.age"), At("letter"))).Code);
        Assert.Equal(ExitCode.Ok, (await RunAsync("-d", "-i", At("key.txt"), "-o", At("again"), At("second.age"))).Code);
        Assert.Equal("dear all", await File.ReadAllTextAsync(At("again")));
    }

    [Fact]
    public async Task A_key_file_sealed_with_a_passphrase_opens_files()
    {
        var recipient = await NewKeyAsync("key.txt");
        await File.WriteAllTextAsync(At("word"), "abra\n");
        await File.WriteAllTextAsync(At("letter"), "dear all");
        using var passphrase = new ScryptRecipient("abra", workFactor: 10);
        await File.WriteAllBytesAsync(At("sealed.txt"), await Sample.EncryptAsync(await File.ReadAllBytesAsync(At("key.txt")), null, passphrase));
        await RunAsync("encrypt", "-r", recipient, "-o", At("letter.age"), At("letter"));

        Assert.Equal(ExitCode.Ok, (await RunAsync("decrypt", "-i", At("sealed.txt"), "--passphrase-file", At("word"), "-o", At("back"), At("letter.age"))).Code);
        Assert.Equal("dear all", await File.ReadAllTextAsync(At("back")));
    }

    [Fact]
    public async Task A_cut_file_leaves_no_output_behind()
    {
        var recipient = await NewKeyAsync("key.txt");
        await File.WriteAllBytesAsync(At("plain"), Sample.Bytes(200_000));
        await RunAsync("encrypt", "-r", recipient, "-o", At("whole.age"), At("plain"));
        await File.WriteAllBytesAsync(At("cut.age"), (await File.ReadAllBytesAsync(At("whole.age")))[..150_000]);

        var (code, error) = await RunAsync("decrypt", "-i", At("key.txt"), "-o", At("back"), At("cut.age"));
        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith("commonhold: error: Chunk 2 was changed or cut", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder, "back*"));
    }

    [Theory]
    [InlineData("nobody to encrypt to", "nobody to encrypt to", "encrypt", "-o", "x", "key.txt")]
    [InlineData("input and output the same", "input and output are the same file", "decrypt", "-i", "key.txt", "-o", "key.txt", "key.txt")]
    [InlineData("recipients while decrypting", "-r, -R and -a are for encryption", "decrypt", "-a", "key.txt")]
    [InlineData("an existing key", "exists already; a key is never overwritten", "keygen", "-o", "key.txt")]
    public async Task A_wrong_call_is_refused_in_one_line(string _, string message, params string[] arguments)
    {
        await NewKeyAsync("key.txt");
        var (code, error) = await RunAsync([.. arguments.Select(a => a is "x" or "key.txt" ? At(a) : a)]);
        Assert.NotEqual(ExitCode.Ok, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_existing_file_is_replaced_and_a_device_is_not()
    {
        var recipient = await NewKeyAsync("key.txt");
        await File.WriteAllTextAsync(At("letter"), "dear all");
        await File.WriteAllTextAsync(At("letter.age"), new string('x', 5000));
        Assert.Equal(ExitCode.Ok, (await RunAsync("encrypt", "-r", recipient, "-o", At("letter.age"), At("letter"))).Code);
        Assert.StartsWith("age-encryption.org/v1\n", await File.ReadAllTextAsync(At("letter.age")), StringComparison.Ordinal);

        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(ExitCode.Ok, (await RunAsync("encrypt", "-r", recipient, "-o", "/dev/null", At("letter"))).Code);
        Assert.Empty(await File.ReadAllBytesAsync("/dev/null"));
        Assert.False(File.Exists("/dev/null.part"));
    }

    [Fact]
    public async Task A_key_file_is_readable_by_its_owner_only()
    {
        await NewKeyAsync("key.txt");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("key.txt")));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private async Task<string> NewKeyAsync(string name)
    {
        Assert.Equal(ExitCode.Ok, (await RunAsync("keygen", "-o", At(name))).Code);
        Assert.Equal(ExitCode.Ok, (await RunAsync("keygen", "-y", "-o", At("public"), At(name))).Code);
        return (await File.ReadAllTextAsync(At("public"))).Trim();
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await CommandLine.RunAsync(["age", .. arguments], output, error), error.ToString());
    }
}
