using System.Diagnostics;
using System.Security.Cryptography;
using Commonhold.Age;
using Xunit;

namespace Commonhold.Tests.Age;

/// <summary>Files go both ways between us and the <c>age</c> command (Debian package <c>age</c>).</summary>
[Trait("Speed", "slow")]
public sealed class AgeCommandAgreementTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly string folder = Directory.CreateTempSubdirectory("commonhold-age-").FullName;
    private readonly X25519Identity identity = X25519Identity.Generate();

    public AgeCommandAgreementTests() => File.WriteAllText(At("key.txt"), KeyFile.Write(identity, DateTimeOffset.UnixEpoch));

    [AgeTheory]
    [InlineData("empty", 0)]
    [InlineData("one byte", 1)]
    [InlineData("a chunk less one", 65535)]
    [InlineData("a chunk", 65536)]
    [InlineData("a chunk and one", 65537)]
    [InlineData("two chunks", 131072)]
    [InlineData("a mebibyte", 1 << 20)]
    public async Task Files_go_both_ways(string _, int size)
    {
        var plaintext = Sample.Bytes(size);
        foreach (var armor in new[] { false, true })
        {
            await File.WriteAllBytesAsync(At("ours.age"), await Sample.EncryptAsync(plaintext, new AgeOptions { Armor = armor }, identity.Recipient));
            await RunAsync("age", "-d", "-i", At("key.txt"), "-o", At("back"), At("ours.age"));
            // age makes its output at the first byte, so an empty plaintext leaves no file.
            Assert.Equal(plaintext, size == 0 && !File.Exists(At("back")) ? [] : await File.ReadAllBytesAsync(At("back")));

            await File.WriteAllBytesAsync(At("plain"), plaintext);
            await RunAsync("age", [.. armor ? (string[])["-a"] : [], "-r", identity.Recipient.ToString(), "-o", At("theirs.age"), At("plain")]);
            Assert.Equal(plaintext, await Sample.DecryptAsync(await File.ReadAllBytesAsync(At("theirs.age")), identity));
        }
    }

    [AgeFact]
    public async Task Passphrase_files_go_both_ways()
    {
        await File.WriteAllTextAsync(At("plain"), "behind a passphrase");
        // age reads passphrases from a terminal only; script(1) gives it one.
        await RunAsync("script", "-qec", $"sh -c '(sleep 1; echo abra; sleep 1; echo abra) | script -qec \"age -p -o {At("theirs.age")} {At("plain")}\" /dev/null'", "/dev/null");
        using var passphrase = new ScryptIdentity("abra");
        Assert.Equal("behind a passphrase"u8.ToArray(), await Sample.DecryptAsync(await File.ReadAllBytesAsync(At("theirs.age")), passphrase));

        using var recipient = new ScryptRecipient("abra", workFactor: 12);
        await File.WriteAllBytesAsync(At("ours.age"), await Sample.EncryptAsync([7, 7], null, recipient));
        await RunAsync("script", "-qec", $"sh -c '(sleep 1; echo abra) | script -qec \"age -d -o {At("back")} {At("ours.age")}\" /dev/null'", "/dev/null");
        Assert.Equal([7, 7], await File.ReadAllBytesAsync(At("back")));
    }

    [AgeFact]
    public async Task A_key_file_of_age_keygen_is_read_and_ours_by_it()
    {
        await RunAsync("age-keygen", "-o", At("theirs.txt"));
        using var theirs = KeyFile.ReadIdentities(new StringReader(await File.ReadAllTextAsync(At("theirs.txt")))).Single();
        Assert.Equal(theirs.Recipient.ToString(), (await RunAsync("age-keygen", "-y", At("theirs.txt"))).Trim());
        Assert.Equal(identity.Recipient.ToString(), (await RunAsync("age-keygen", "-y", At("key.txt"))).Trim());
    }

    [AgeFact]
    public async Task A_file_of_the_stock_command_opens_with_three_guardians_of_five()
    {
        var guardians = Ceremonies.Run(3, 5);
        await File.WriteAllBytesAsync(At("plain"), Sample.Bytes(100_000));
        await RunAsync("age", "-r", guardians[0].Key.Recipient.ToString(), "-r", identity.Recipient.ToString(), "-o", At("file.age"), At("plain"));

        await using var file = File.OpenRead(At("file.age"));
        var reader = await AgeReader.OpenAsync(file);
        var share = reader.Header.X25519Shares[0];
        var answers = new[] { 4, 0, 2 }.Select(i => guardians[i].Answer(share.Span)).ToList();
        using var output = new MemoryStream();
        await reader.DecryptAsync(output, [new ThresholdIdentity(guardians[0].Key).For(share, answers)]);
        Assert.Equal(Sample.Bytes(100_000), output.ToArray());
    }

    [AgeFact]
    public async Task A_gibibyte_goes_both_ways()
    {
        // Sparse zeros cost no disk; the ciphertexts are full size and deleted with the folder.
        await using (var plain = File.Create(At("plain"))) plain.SetLength(1L << 30);
        var expected = await DigestAsync(At("plain"));

        await using (var input = File.OpenRead(At("plain")))
        await using (var output = File.Create(At("big.age")))
            await AgeFile.EncryptAsync(input, output, [identity.Recipient]);
        await RunAsync("age", "-d", "-i", At("key.txt"), "-o", At("back"), At("big.age"));
        Assert.Equal(expected, await DigestAsync(At("back")));
        File.Delete(At("back"));

        await RunAsync("age", "-r", identity.Recipient.ToString(), "-o", At("big.age"), At("plain"));
        await using (var input = File.OpenRead(At("big.age")))
        await using (var output = File.Create(At("back")))
            await AgeFile.DecryptAsync(input, output, [identity]);
        Assert.Equal(expected, await DigestAsync(At("back")));
    }

    public void Dispose()
    {
        identity.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private string At(string name) => Path.Combine(folder, name);

    private static async Task<string> DigestAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }

    private static async Task<string> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var reading = process.StandardOutput.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{command} {string.Join(' ', arguments)} has not ended within {Patience}.");
        }

        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)}: {await error} {await reading}");
        return await reading;
    }
}
