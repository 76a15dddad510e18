namespace Commonhold.ServerTests.Node;

internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("commonhold-node-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
