using System.Security.Cryptography;
using Commonhold.Age;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Age;

/// <summary>Laws of the payload: round trips, and refusal of whatever was not written.</summary>
public sealed class AgeFileLawsTests
{
    private static readonly X25519Identity Identity = X25519Identity.Generate();

    // Sizes crowd around the edges of chunks and of segments.
    private static readonly Gen<int> Sizes = Gen.Elements(0, 1, 2, 9, 17).SelectMany(
        chunks => Gen.Choose(-3, 3).Select(offset => Math.Max(0, (chunks * 65536) + offset)));

    [Fact]
    public void Decrypting_undoes_encrypting_at_any_size_and_parallelism() => Prop.ForAll(
        Sizes.Zip(Gen.Choose(1, 4)).ToArbitrary(),
        async sample =>
        {
            var (size, parallelism) = sample;
            var plaintext = Sample.Bytes(size);
            var file = await Sample.EncryptAsync(plaintext, new AgeOptions { Parallelism = parallelism }, Identity.Recipient);
            using var output = new MemoryStream();
            await AgeFile.DecryptAsync(new Dribble(file), output, [Identity], new AgeOptions { Parallelism = parallelism });
            Assert.Equal(plaintext, output.ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void Any_flipped_bit_is_refused_and_nothing_false_comes_out() => Prop.ForAll(
        Sizes.SelectMany(size => Gen.Choose(0, int.MaxValue).Select(at => (size, at))).ToArbitrary(),
        async sample =>
        {
            var plaintext = Sample.Bytes(sample.size);
            var file = await Sample.EncryptAsync(plaintext, null, Identity.Recipient);
            var bit = sample.at % (file.Length * 8L);
            file[bit / 8] ^= (byte)(1 << (int)(bit % 8));
            await RefusesAsync(file, plaintext);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public async Task Every_flipped_bit_of_a_small_file_is_refused()
    {
        var plaintext = Sample.Bytes(3);
        var file = await Sample.EncryptAsync(plaintext, null, Identity.Recipient);
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            var changed = (byte[])file.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await RefusesAsync(changed, plaintext);
        }
    }

    [Fact]
    public async Task Every_cut_of_a_small_file_is_refused()
    {
        var plaintext = Sample.Bytes(40);
        var file = await Sample.EncryptAsync(plaintext, null, Identity.Recipient);
        for (var length = 0; length < file.Length; length++) await RefusesAsync(file[..length], plaintext);
    }

    [Fact]
    public void A_cut_anywhere_is_refused() => Prop.ForAll(
        Sizes.SelectMany(size => Gen.Choose(1, 70_000).Select(cut => (size, cut))).ToArbitrary(),
        async sample =>
        {
            var plaintext = Sample.Bytes(sample.size);
            var file = await Sample.EncryptAsync(plaintext, null, Identity.Recipient);
            await RefusesAsync(file[..Math.Max(0, file.Length - sample.cut)], plaintext);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Theory]
    [InlineData("a cut at a chunk's end", AgeErrors.Truncated)]
    [InlineData("a byte after the end", AgeErrors.TrailingData)]
    [InlineData("a chunk after the end", AgeErrors.TrailingData)]
    [InlineData("two chunks swapped", AgeErrors.Chunk)]
    public async Task A_rearranged_file_says_what_is_wrong(string change, string code)
    {
        const int sealedChunk = 65552;
        var file = await Sample.EncryptAsync(Sample.Bytes(3 * 65536), null, Identity.Recipient);
        var start = file.Length - (3 * sealedChunk);
        byte[] changed = change switch
        {
            "a cut at a chunk's end" => file[..^sealedChunk],
            "a byte after the end" => [.. file, 0],
            "a chunk after the end" => [.. file, .. file[start..(start + sealedChunk)]],
            _ => [.. file[..start], .. file[(start + sealedChunk)..(start + (2 * sealedChunk))], .. file[start..(start + sealedChunk)], .. file[(start + (2 * sealedChunk))..]],
        };
        Assert.Equal(code, (await Assert.ThrowsAsync<AgeException>(() => Sample.DecryptAsync(changed, Identity))).Code);
    }

    [Fact]
    public void A_message_in_memory_is_the_same_format() => Prop.ForAll(
        Sizes.ToArbitrary(),
        async size =>
        {
            var plaintext = Sample.Bytes(size);
            Assert.Equal(plaintext, await Sample.DecryptAsync(AgeFile.Seal(plaintext, Identity.Recipient), Identity));
            using var opened = AgeFile.Open(await Sample.EncryptAsync(plaintext, null, Identity.Recipient), Identity);
            Assert.True(opened.FixedTimeEquals(plaintext));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public async Task A_reader_that_fails_leaves_the_error_as_it_is()
    {
        var file = await Sample.EncryptAsync(Sample.Bytes(2_000_000), null, Identity.Recipient);
        using var cancelled = new CancellationTokenSource();
        await Assert.ThrowsAsync<IOException>(() => AgeFile.DecryptAsync(new Dribble(file) { FailsAt = 1_500_000 }, Stream.Null, [Identity]));
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => AgeFile.DecryptAsync(new MemoryStream(file), Stream.Null, [Identity], cancellationToken: cancelled.Token));
    }

    private static async Task RefusesAsync(byte[] file, byte[] plaintext)
    {
        using var output = new MemoryStream();
        await Assert.ThrowsAsync<AgeException>(() => AgeFile.DecryptAsync(new MemoryStream(file), output, [Identity]));
        Assert.True(plaintext.AsSpan().StartsWith(output.ToArray()), "something came out that was not written");
    }

    /// <summary>A stream that gives a few bytes at a time, as a network does, and may fail.</summary>
    private sealed class Dribble(byte[] bytes) : MemoryStream(bytes)
    {
        public int FailsAt { get; init; } = int.MaxValue;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= FailsAt) throw new IOException("The line went dead.");
            var length = 1 + (int)(((Position * 2654435761L) + 12345) % 30_000);
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, length)], cancellationToken);
        }
    }
}
