using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Commonhold.Ethereum;

namespace Commonhold.Client;

internal sealed record OpenedLine(BatchId BatchId, uint Index, Bytes32 CiphertextDigest, Bytes32 PlaintextDigest, long Bytes);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(OpenedLine))]
internal sealed partial class OpenJson : JsonSerializerContext;

/// <summary>Which contributions an earlier run has opened into a directory: one JSON line each.</summary>
/// <remarks>A line is believed only while the file beside it still has the digest; a lost or broken line costs one more download.</remarks>
internal sealed class OpenJournal : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(BatchId, uint), OpenedLine> _lines = new();
    private readonly StreamWriter _writer;
    private readonly Lock _lock = new();

    private OpenJournal(string path) =>
        _writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read)) { NewLine = "\n" };

    public static OpenJournal Open(string directory)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, "opened.jsonl");
        string[] lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        bool isCut = lines.Length > 0 && !File.ReadAllText(path).EndsWith('\n');
        OpenJournal journal = new(path);
        foreach (string line in lines)
        {
            try
            {
                if (JsonSerializer.Deserialize(line, OpenJson.Default.OpenedLine) is { } opened)
                    journal._lines[(opened.BatchId, opened.Index)] = opened;
            }
            catch (JsonException)
            {
                // The last line of a killed run.
            }
        }

        if (isCut)
            journal._writer.WriteLine();
        return journal;
    }

    /// <summary>The earlier result, if the plaintext is still there unchanged.</summary>
    public async Task<OpenedLine?> FindAsync(BatchId batch, Leaf leaf, string path, CancellationToken cancellationToken)
    {
        if (!_lines.TryGetValue((batch, leaf.Index), out OpenedLine? line) || line.CiphertextDigest != leaf.CiphertextDigest || !File.Exists(path))
            return null;
        await using FileStream file = File.OpenRead(path);
        if (file.Length != line.Bytes)
            return null;
        byte[] digest = await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
        return line.PlaintextDigest.AsSpan().SequenceEqual(digest) ? line : null;
    }

    public bool Knows(BatchId batch, uint index) => _lines.ContainsKey((batch, index));

    public void Add(OpenedLine line)
    {
        string json = JsonSerializer.Serialize(line, OpenJson.Default.OpenedLine);
        lock (_lock)
        {
            _writer.WriteLine(json);
        }
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
