namespace Commonhold.Server.Storage;

/// <summary>Holds a data directory for one process: a second node on the same directory refuses to start.</summary>
/// <remarks>An advisory lock of the kernel, so kill -9 frees it at once and no stale lease has to run out.</remarks>
internal sealed class NodeLock : IDisposable
{
    private readonly FileStream _file;

    private NodeLock(FileStream file) => _file = file;

    public static NodeLock Take(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "node.lock");
        try
        {
            return new NodeLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException problem) when (File.Exists(path))
        {
            throw new NodeAlreadyRunningException(dataDirectory, problem);
        }
    }

    public void Dispose() => _file.Dispose();
}

internal sealed class NodeAlreadyRunningException(string dataDirectory, Exception inner)
    : Exception($"Another node already runs on '{dataDirectory}' (node.already_running).", inner);
