using System.Text.Json;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Chain;

/// <summary>The highest final block this guardian has acted on, kept over restarts: a chain node that shows an older one
/// hides something, a revocation perhaps.</summary>
internal sealed class ChainMemory : IDisposable
{
    private readonly string _path;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _highestLock = new();
    private BlockPoint _highest;

    private ChainMemory(string path, BlockPoint highest)
    {
        _path = path;
        _highest = highest;
    }

    public static async Task<ChainMemory> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return new ChainMemory(path, default);
        try
        {
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
            var root = json.RootElement;
            return new ChainMemory(path, new BlockPoint(
                root.GetProperty("number").GetUInt64(),
                Bytes32.Parse(root.GetProperty("hash").GetString() ?? ""),
                root.GetProperty("timestamp").GetUInt64()));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new GuardianException(
                ReleaseCodes.ChainStale, $"{path} is not readable: {e.Message}",
                "It holds the highest block seen. Remove it only when you are sure that your chain node is honest and in step.", e);
        }
    }

    public BlockPoint Highest
    {
        get { lock (_highestLock) return _highest; }
    }

    /// <summary>Remembers a block that is higher than any before, on disk, before anything is answered for it.</summary>
    public async Task AdvanceAsync(BlockPoint block, CancellationToken cancellationToken)
    {
        if (block.Number <= Highest.Number)
            return;
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (block.Number <= Highest.Number)
                return;
            await DurableFile.WriteAsync(
                _path,
                JsonSerializer.SerializeToUtf8Bytes(
                    new { number = block.Number, hash = block.Hash.ToString(), timestamp = block.Timestamp }),
                cancellationToken);
            lock (_highestLock)
                _highest = block;
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();
}
