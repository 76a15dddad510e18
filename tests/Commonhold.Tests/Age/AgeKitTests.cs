using System.Security.Cryptography;
using Commonhold.Age;
using Xunit;

namespace Commonhold.Tests.Age;

/// <summary>The C2SP test kit for age, whole for the features that we have.</summary>
public sealed class AgeKitTests
{
    public static TheoryData<string> InScope() => [.. AgeKit.Vectors.Values.Where(v => v.IsInScope).Select(v => v.Name)];

    [Fact]
    public void Every_vector_is_either_run_or_needs_a_hybrid_key()
    {
        Assert.Equal(143, AgeKit.Vectors.Count);
        var left = AgeKit.Vectors.Values.Where(v => !v.IsInScope).ToList();
        Assert.Equal(19, left.Count);
        Assert.All(left, vector => Assert.Contains("hybrid", vector.Name, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(InScope))]
    public async Task A_vector_ends_as_the_kit_says(string name)
    {
        var vector = AgeKit.Vectors[name];
        using var output = new MemoryStream();
        var code = "success";
        try
        {
            var input = new InputReader(new MemoryStream(vector.File));
            if (vector.IsArmored) input = new InputReader(new ArmorReader(input));
            var reader = await AgeReader.OpenAsync(input, new AgeOptions(), default);
            await reader.DecryptAsync(output, vector.Identities());
        }
        catch (AgeException refusal)
        {
            code = refusal.Code;
        }

        Assert.Contains(code, Expected(vector.Expect));
        // What came out before a failure must be genuine, to the byte.
        if (vector.Fields["payload"].SingleOrDefault() is { } digest)
            Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(output.ToArray())));
        else
            Assert.Equal(0, output.Length);
    }

    [Fact]
    public void A_header_that_parses_is_written_back_the_same()
    {
        foreach (var vector in AgeKit.Vectors.Values.Where(v => v.IsInScope && !v.IsArmored && v.Expect == "success"))
        {
            var header = AgeHeader.Parse(vector.File);
            using var key = AgeFile.FindKey(header, vector.Identities());
            Assert.Equal(vector.File[..header.Length], HeaderWriter.Write(header.Stanzas, key));
        }

    }

    [Fact]
    public async Task Armor_that_reads_is_written_back_the_same_but_for_white_space()
    {
        foreach (var vector in AgeKit.Vectors.Values.Where(v => v.IsInScope && v.IsArmored && v.Expect == "success"))
        {
            using var binary = new MemoryStream();
            await new ArmorReader(new InputReader(new MemoryStream(vector.File))).CopyToAsync(binary);
            using var text = new MemoryStream();
            var writer = new ArmorWriter(text);
            await writer.WriteAsync(binary.ToArray());
            await writer.FinishAsync(default);
            Assert.Equal(Squeeze(vector.File), Squeeze(text.ToArray()));
        }
    }

    private static string[] Expected(string expect) => expect switch
    {
        "success" => ["success"],
        "no match" => [AgeErrors.NoIdentity],
        "HMAC failure" => [AgeErrors.HeaderMac],
        "header failure" => [AgeErrors.MalformedHeader, AgeErrors.WorkFactor],
        "payload failure" => [AgeErrors.Chunk, AgeErrors.Truncated, AgeErrors.TrailingData],
        "armor failure" => [AgeErrors.Armor],
        _ => throw new NotSupportedException($"The kit expects something new: {expect}."),
    };

    private static string Squeeze(byte[] text) =>
        System.Text.Encoding.Latin1.GetString(text).Trim().Replace("\r\n", "\n", StringComparison.Ordinal);
}
