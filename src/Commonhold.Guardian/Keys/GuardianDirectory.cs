namespace Commonhold.Guardians.Keys;

/// <summary>Where one guardian keeps its key, its log and its caches; one process at a time, for the owner's eyes only.</summary>
internal sealed class GuardianDirectory : IDisposable
{
    private readonly FileStream _lock;

    private GuardianDirectory(string root, FileStream held)
    {
        Root = root;
        _lock = held;
    }

    public string Root { get; }

    public string KeyFile => Path.Combine(Root, "guardian.age");

    public string LogFile => Path.Combine(Root, "releases.jsonl");

    /// <summary>The highest block this guardian has seen; an older one is a chain node that lies low.</summary>
    public string ChainFile => Path.Combine(Root, "chain.json");

    public string BatchesDirectory => Path.Combine(Root, "batches");

    public string CeremonyFile(uint epoch) => Path.Combine(Root, $"ceremony-{epoch}.age");

    /// <exception cref="GuardianException">Another process uses the directory.</exception>
    public static GuardianDirectory Open(string root)
    {
        root = Path.GetFullPath(root);
        DurableFile.CreatePrivateDirectory(root);
        try
        {
            // flock(2): the kernel lets go of it when the process dies, however it dies.
            return new GuardianDirectory(root, new FileStream(Path.Combine(root, "lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }));
        }
        catch (IOException e)
        {
            throw new GuardianException(
                ReleaseCodes.DirectoryBusy, $"The guardian directory {root} cannot be locked: {e.Message}",
                "Is another guardian running on it? Each guardian needs its own directory.", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
