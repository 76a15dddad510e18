using System.Security.Cryptography;
using Commonhold.Age;

namespace Commonhold.Tests.Age;

/// <summary>From file to file many workers write at once; what comes out must be what one worker writes in order.</summary>
public sealed class FilePayloadTests : IDisposable
{
    private const int Chunk = 64 << 10;
    private const int Long = 4 << 20;
    private static readonly AgeOptions Parallel = AgeOptions.Default with { Parallelism = 4 };
    private readonly string _folder = Directory.CreateTempSubdirectory("commonhold-age-").FullName;
    private readonly X25519Identity _identity = X25519Identity.Generate();

    public void Dispose()
    {
        _identity.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("just long enough", Long)]
    [InlineData("a byte more", Long + 1)]
    [InlineData("a chunk less a byte more", Long + Chunk - 1)]
    [InlineData("whole chunks that fill no segment", Long + (3 * Chunk))]
    [InlineData("whole segments", Long + (16 * Chunk))]
    [InlineData("many segments and a bit", (3 * Long) + 12345)]
    public async Task A_long_file_comes_back_by_either_way(string name, int size)
    {
        Assert.NotEmpty(name);
        var plain = RandomNumberGenerator.GetBytes(size);
        var file = await EncryptAsync(plain);
        Assert.Equal(plain, (await DecryptByStreamAsync(file)).Output);
        Assert.Equal(plain, (await DecryptByFileAsync(file)).Output);
    }

    [Fact]
    public async Task A_damaged_long_file_is_refused_with_the_same_code_and_the_same_beginning_as_in_a_stream()
    {
        var file = await EncryptAsync(RandomNumberGenerator.GetBytes(Long + (5 * Chunk) + 77));
        var damaged = new List<byte[]>();
        for (var place = 400; place < file.Length; place += 333_333)
        {
            var bent = file.ToArray();
            bent[place] ^= 1;
            damaged.Add(bent);
        }

        // Bent in two places, cut inside a chunk, cut between chunks, continued, continued by a chunk.
        var twice = file.ToArray();
        twice[Long] ^= 1;
        twice[Long / 2] ^= 1;
        var payload = file.Length - (Long + (5 * Chunk) + 77) - (((Long / Chunk) + 6) * 16);
        damaged.AddRange([
            twice, file[..^1], file[..^93], file[..(payload + (60 * (Chunk + 16)))], [.. file, 0], [.. file, .. new byte[Chunk + 16]],
        ]);
        foreach (var bent in damaged)
        {
            var (expectedCode, expected) = await DecryptByStreamAsync(bent);
            var (code, output) = await DecryptByFileAsync(bent);
            Assert.NotNull(expectedCode);
            Assert.Equal(expectedCode, code);
            Assert.Equal(expected, output);
        }
    }

    [Fact]
    public async Task What_stands_before_the_writers_place_stays()
    {
        var plain = RandomNumberGenerator.GetBytes(Long + 5);
        await File.WriteAllBytesAsync(At("plain"), [1, 2, 3, .. plain]);
        await using (var input = File.OpenRead(At("plain")))
        await using (var output = File.Create(At("sealed")))
        {
            input.Position = 3;
            output.Write([9, 9]);
            await AgeFile.EncryptAsync(input, output, [_identity.Recipient], Parallel);
            Assert.Equal(output.Length, output.Position);
        }

        var file = await File.ReadAllBytesAsync(At("sealed"));
        Assert.Equal([9, 9], file[..2]);
        Assert.Equal(plain, (await DecryptByStreamAsync(file[2..])).Output);
    }

    private async Task<byte[]> EncryptAsync(byte[] plain)
    {
        await File.WriteAllBytesAsync(At("plain"), plain);
        await using (var input = File.OpenRead(At("plain")))
        await using (var output = File.Create(At("sealed")))
            await AgeFile.EncryptAsync(input, output, [_identity.Recipient], Parallel);
        return await File.ReadAllBytesAsync(At("sealed"));
    }

    private async Task<(string? Code, byte[] Output)> DecryptByStreamAsync(byte[] file)
    {
        using var output = new MemoryStream();
        var code = await CodeAsync(() => AgeFile.DecryptAsync(new MemoryStream(file), output, [_identity], Parallel));
        return (code, output.ToArray());
    }

    private async Task<(string? Code, byte[] Output)> DecryptByFileAsync(byte[] file)
    {
        await File.WriteAllBytesAsync(At("file"), file);
        string? code;
        await using (var input = File.OpenRead(At("file")))
        await using (var output = File.Create(At("opened")))
            code = await CodeAsync(() => AgeFile.DecryptAsync(input, output, [_identity], Parallel));
        return (code, await File.ReadAllBytesAsync(At("opened")));
    }

    private static async Task<string?> CodeAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (AgeException e)
        {
            return e.Code;
        }
    }

    private string At(string name) => Path.Combine(_folder, name);
}
