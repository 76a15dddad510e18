using System.Buffers;
using System.Text.Json;
using Commonhold.Age;
using Commonhold.Client;

namespace Commonhold.Guardians.Release;

/// <summary>Writes a guardian's answer (docs/protocol.md §6) and seals it to the grantee; the plain form is wiped.</summary>
internal static class SealedAnswer
{
    private const int AnswerBytes = 32;

    /// <param name="indices">The contributions answered, in the order of <paramref name="answers"/>.</param>
    /// <param name="answers">32 bytes for each of them.</param>
    /// <param name="proofs">64 bytes for each of them, or nothing.</param>
    public static byte[] Seal(
        ReleaseRequest request, uint guardian, uint epoch, IReadOnlyList<uint> indices, ReadOnlySpan<byte> answers,
        IReadOnlyList<byte[]> proofs, IReadOnlyList<IndexRefusal> refused)
    {
        X25519Recipient recipient = new(request.Terms.Recipient.AsSpan());
        // Sized so that it never grows: growing would leave a copy behind that nobody wipes.
        ArrayBufferWriter<byte> json = new(512 + (indices.Count * 300) + (refused.Count * 80));
        try
        {
            Write(json, request, guardian, epoch, indices, answers, proofs, refused);
            return AgeFile.Seal(json.WrittenSpan, recipient);
        }
        finally
        {
            json.Clear();
        }
    }

    private static void Write(
        IBufferWriter<byte> output, ReleaseRequest request, uint guardian, uint epoch, IReadOnlyList<uint> indices,
        ReadOnlySpan<byte> answers, IReadOnlyList<byte[]> proofs, IReadOnlyList<IndexRefusal> refused)
    {
        using Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        json.WriteNumber("version", ReleaseAnswer.CurrentVersion);
        json.WriteNumber("guardian", guardian);
        json.WriteNumber("epoch", epoch);
        json.WriteNumber("grantId", request.GrantId.Value);
        json.WriteNumber("batchId", request.BatchId.Value);
        json.WriteStartArray("answers");
        for (var i = 0; i < indices.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", indices[i]);
            WriteHex(json, "answer", answers.Slice(i * AnswerBytes, AnswerBytes));
            if (proofs.Count > 0)
                WriteHex(json, "proof", proofs[i]);
            json.WriteEndObject();
            // Keeps the writer's own buffer small, and what it holds in ours.
            json.Flush();
        }

        json.WriteEndArray();
        json.WriteStartArray("refused");
        foreach (var refusal in refused)
        {
            json.WriteStartObject();
            json.WriteNumber("index", refusal.Index);
            json.WriteString("code", refusal.Code);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteHex(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[2 + (bytes.Length * 2)];
        text[0] = '0';
        text[1] = 'x';
        Convert.TryToHexStringLower(bytes, text[2..], out _);
        json.WriteString(name, text);
        text.Clear();
    }
}
