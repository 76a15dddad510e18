using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What one release was: the grant, the block it was read at, what was answered and what was refused.</summary>
/// <param name="Time">Unix seconds by the guardian's clock.</param>
/// <param name="Block">The block at which the guardian read the grant, with <paramref name="BlockHash"/>.</param>
/// <param name="Indices">Contributions of the batch that were answered.</param>
/// <param name="AnswerDigest">SHA-256 of what was sealed to the grant's recipient.</param>
public sealed record ReleaseRecord(
    long Time, ulong Block, Bytes32 BlockHash, GrantId GrantId, Bytes32 TermsHash, BatchId BatchId,
    IReadOnlyList<uint> Indices, Bytes32 AnswerDigest, IReadOnlyList<IndexRefusal> Refusals);

/// <summary>A contribution that was asked for and not answered, with the stable code why.</summary>
public readonly record struct IndexRefusal(uint Index, string Code);

/// <summary>One line of the log: a release, its place, and the digest that chains it to the line before.</summary>
/// <remarks>docs/protocol.md §6: the digest is SHA-256 over the line as written, without its last field
/// (<c>{"sequence":…,"previous":"0x…"}</c>): fields in this order, no white space.</remarks>
public sealed record ReleaseLogEntry(long Sequence, ReleaseRecord Release, Bytes32 Previous, Bytes32 Digest)
{
    /// <summary>A line of 1,000 indices, all refused, stays well below this.</summary>
    public const int MaxLineBytes = 256 * 1024;

    public static ReleaseLogEntry Chain(long sequence, ReleaseRecord release, Bytes32 previous) =>
        new(sequence, release, previous, Hash(sequence, release, previous));

    /// <summary>The line, without the line feed.</summary>
    public byte[] ToLine()
    {
        ArrayBufferWriter<byte> buffer = new();
        Write(buffer, Sequence, Release, Previous, Digest);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a line. Throws <see cref="FormatException"/> when it is not exactly what
    /// <see cref="ToLine"/> would have written for a valid digest.</summary>
    public static ReleaseLogEntry Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length > MaxLineBytes)
            throw new FormatException("A log line is longer than 256 KiB.");
        ReleaseLogEntry entry;
        try
        {
            entry = Read(line);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("A log line is not the JSON of a release.", e);
        }

        // Codes are ours; with other characters two languages might escape them in two ways.
        if (entry.Release.Refusals.FirstOrDefault(refusal => !IsCode(refusal.Code)) is { Code: not null } odd)
            throw new FormatException($"Log line {entry.Sequence} refuses contribution {odd.Index} with something that is no code.");
        // One spelling only: another order, a space or an extra field would be a line nobody hashed.
        if (!line.SequenceEqual(entry.ToLine()))
            throw new FormatException($"Log line {entry.Sequence} is not in canonical form.");
        if (Hash(entry.Sequence, entry.Release, entry.Previous) != entry.Digest)
            throw new FormatException($"Log line {entry.Sequence} does not match its digest.");
        return entry;
    }

    private static bool IsCode(string code) => code.Length is > 0 and <= 64 && code.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '_' or '.');

    private static Bytes32 Hash(long sequence, ReleaseRecord release, Bytes32 previous)
    {
        ArrayBufferWriter<byte> buffer = new();
        Write(buffer, sequence, release, previous, digest: null);
        return Bytes32.FromSpan(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(
        IBufferWriter<byte> output, long sequence, ReleaseRecord release, Bytes32 previous, Bytes32? digest)
    {
        using Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        json.WriteNumber("sequence", sequence);
        json.WriteNumber("time", release.Time);
        json.WriteNumber("block", release.Block);
        json.WriteString("blockHash", release.BlockHash.ToString());
        json.WriteNumber("grantId", release.GrantId.Value);
        json.WriteString("termsHash", release.TermsHash.ToString());
        json.WriteNumber("batchId", release.BatchId.Value);
        json.WriteStartArray("indices");
        foreach (var index in release.Indices)
            json.WriteNumberValue(index);
        json.WriteEndArray();
        json.WriteString("answerDigest", release.AnswerDigest.ToString());
        json.WriteStartArray("refusals");
        foreach (var refusal in release.Refusals)
        {
            json.WriteStartObject();
            json.WriteNumber("index", refusal.Index);
            json.WriteString("code", refusal.Code);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("previous", previous.ToString());
        if (digest is { } value)
            json.WriteString("digest", value.ToString());
        json.WriteEndObject();
    }

    private static ReleaseLogEntry Read(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader reader = new(line, new JsonReaderOptions { MaxDepth = 4 });
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        ReleaseRecord release = new(
            root.GetProperty("time").GetInt64(),
            root.GetProperty("block").GetUInt64(),
            Digest32(root, "blockHash"),
            new GrantId(root.GetProperty("grantId").GetUInt64()),
            Digest32(root, "termsHash"),
            new BatchId(root.GetProperty("batchId").GetUInt64()),
            [.. root.GetProperty("indices").EnumerateArray().Select(i => i.GetUInt32())],
            Digest32(root, "answerDigest"),
            [.. root.GetProperty("refusals").EnumerateArray().Select(r =>
                new IndexRefusal(r.GetProperty("index").GetUInt32(), r.GetProperty("code").GetString() ?? ""))]);
        return new ReleaseLogEntry(
            root.GetProperty("sequence").GetInt64(), release, Digest32(root, "previous"), Digest32(root, "digest"));
    }

    private static Bytes32 Digest32(JsonElement root, string name) =>
        Bytes32.Parse(root.GetProperty(name).GetString() ?? "");
}
