namespace Commonhold.Validator.Uniqueness.Owners;

/// <summary>The task that writes keys from memory and the newest files into one new file.</summary>
/// <param name="LastChange">The newest change that is in it.</param>
/// <param name="Merged">The files that it replaces, newest first.</param>
internal sealed record Compaction(long LastChange, IReadOnlyList<OwnerSegment> Merged, Task<OwnerSegment> Task)
{
    private const int KeysBetweenLooks = 1 << 16;

    public static Compaction Start(
        string path, long lastChange, IReadOnlyDictionary<ulong, uint> memory, IReadOnlyList<OwnerSegment> merged, CancellationToken cancellationToken) =>
        new(lastChange, merged, System.Threading.Tasks.Task.Run(() => Write(path, memory, merged, cancellationToken), cancellationToken));

    private static OwnerSegment Write(
        string path, IReadOnlyDictionary<ulong, uint> memory, IReadOnlyList<OwnerSegment> merged, CancellationToken cancellationToken)
    {
        var keys = memory.Keys.ToArray();
        Array.Sort(keys);
        var highest = merged.Select(s => s.HighestAccount).Concat(memory.Values).Max();
        using var writer = new OwnerSegmentWriter(path, highest);

        // The newest source of a key has its account: memory first, then the files from the newest on.
        List<Source> sources = [new(InMemory(keys, memory)), .. merged.Select(s => new Source(s.ReadPages()))];
        try
        {
            for (var written = 0L; NextKey(sources) is { } key; written++)
            {
                if (written % KeysBetweenLooks == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                var account = 0u;
                foreach (var source in sources)
                {
                    if (source.HasKey && source.Key == key)
                    {
                        account = account == 0 ? source.Account : account;
                        source.Next();
                    }
                }

                writer.Add(key, account);
            }
        }
        finally
        {
            sources.ForEach(s => s.Dispose());
        }

        return writer.Finish();
    }

    private static ulong? NextKey(List<Source> sources)
    {
        ulong? least = null;
        foreach (var source in sources)
        {
            if (source.HasKey && (least is null || source.Key < least))
                least = source.Key;
        }

        return least;
    }

    private static IEnumerable<(ulong[] Keys, uint[] Accounts, int Count)> InMemory(ulong[] keys, IReadOnlyDictionary<ulong, uint> memory)
    {
        if (keys.Length > 0)
            yield return (keys, Array.ConvertAll(keys, k => memory[k]), keys.Length);
    }

    /// <summary>A place in one source of keys.</summary>
    private sealed class Source : IDisposable
    {
        private readonly IEnumerator<(ulong[] Keys, uint[] Accounts, int Count)> _pages;
        private ulong[] _keys = [];
        private uint[] _accounts = [];
        private int _count;
        private int _at;

        public Source(IEnumerable<(ulong[] Keys, uint[] Accounts, int Count)> pages)
        {
            _pages = pages.GetEnumerator();
            _at = -1;
            Next();
        }

        public bool HasKey { get; private set; }

        public ulong Key => _keys[_at];

        public uint Account => _accounts[_at];

        public void Next()
        {
            if (++_at < _count)
                return;
            HasKey = _pages.MoveNext();
            if (HasKey)
                ((_keys, _accounts, _count), _at) = (_pages.Current, 0);
        }

        public void Dispose() => _pages.Dispose();
    }
}
