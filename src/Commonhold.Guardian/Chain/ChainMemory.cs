using System.Text.Json;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Chain;

/// <summary>The highest final block this guardian has acted on, kept over restarts: a chain node that shows an older one
/// hides something, a revocation perhaps.</summary>
internal sealed class ChainMemory : IDisposable
{
    private readonly string _path;
    private readonly SemaphoreSlim _writing = new(1, 1);
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

    /// <summary>Refuses a block below the highest; otherwise remembers it, on disk, before anything is answered for it.</summary>
    public async Task AdvanceAsync(BlockPoint block, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (block.Number < _highest.Number)
                throw new GuardianException(
                    ReleaseCodes.ChainStale,
                    $"The chain node's final block is {block.Number}; this guardian has already seen {_highest.Number}.",
                    "The node lags or lies; ask the other guardians, or again later.", isTransient: true);
            if (block == _highest)
                return;
            await DurableFile.WriteAsync(
                _path,
                JsonSerializer.SerializeToUtf8Bytes(
                    new { number = block.Number, hash = block.Hash.ToString(), timestamp = block.Timestamp }),
                cancellationToken);
            _highest = block;
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();
}
