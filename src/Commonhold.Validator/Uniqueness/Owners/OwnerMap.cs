using System.Runtime.InteropServices;
using Commonhold.Validator.State;

namespace Commonhold.Validator.Uniqueness.Owners;

/// <summary>Which account a 64-bit key belongs to, for 10⁸ keys and more: 8 bytes a key on disk, bounded memory.</summary>
/// <remarks>Guarantee: what is written in a transaction of the state is there exactly when that transaction is, whatever is killed
/// when. Flow: a change goes into the database as one row (in the verdict's own transaction) and, once that is committed, into memory;
/// when memory holds enough, a task sorts it into an <see cref="OwnerSegment"/> together with the files that are not much larger;
/// when that is on the disk, one more transaction lists it and drops what it replaces. A file that is not listed is nothing.
/// Lookups ask memory, then the files from the newest to the oldest; there are few, because each is eight times the sum of the newer
/// ones. One thread at a time, as for the state itself.</remarks>
internal sealed class OwnerMap : IStateStore, IDisposable
{
    private readonly OwnerStore _store;
    private readonly OwnerMapOptions _options;
    private readonly Dictionary<ulong, uint> _pending = [];
    private readonly CancellationTokenSource _stop = new();
    private Dictionary<ulong, uint> _memory = [];
    private Dictionary<ulong, uint> _frozen = [];
    private List<OwnerSegment> _segments;
    private Compaction? _compaction;
    private IOException? _failure;
    private long _pendingChange;
    private long _lastChange;
    private bool _isDisposed;

    private OwnerMap(OwnerStore store, OwnerMapOptions options, List<OwnerSegment> segments) =>
        (_store, _options, _segments) = (store, options, segments);

    /// <summary>Keys in memory and in files; a key that changed hands counts twice until its files are merged.</summary>
    public long Count => _memory.Count + _frozen.Count + _segments.Sum(s => s.Count);

    public long FileBytes => _segments.Sum(s => s.Bytes);

    public int Files => _segments.Count;

    public static OwnerMap Open(OwnerStore store, OwnerMapOptions? options = null)
    {
        var segments = new List<OwnerSegment>();
        try
        {
            // Newest first. What a killed task left lying is not listed.
            foreach (var change in store.Segments())
                segments.Add(OwnerSegment.Open(store.PathOf(change)));
            store.DeleteStrayFiles();
            var map = new OwnerMap(store, options ?? new OwnerMapOptions(), segments);
            foreach (var (change, account, keys) in store.Changes())
            {
                foreach (var key in keys)
                    map._memory[key] = account;
                map._lastChange = change;
            }

            map.StartCompaction();
            return map;
        }
        catch
        {
            segments.ForEach(s => s.Dispose());
            throw;
        }
    }

    /// <summary>The account of each of the rising keys; 0 for keys that nobody has.</summary>
    public uint[] Find(ReadOnlySpan<ulong> keys)
    {
        var accounts = new uint[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            if (!_pending.TryGetValue(keys[i], out accounts[i]) && !_memory.TryGetValue(keys[i], out accounts[i]))
                _frozen.TryGetValue(keys[i], out accounts[i]);
        }

        foreach (var segment in _segments)
            segment.Find(keys, accounts);
        return accounts;
    }

    /// <summary>Gives the keys to the account, whoever had them. Inside a transaction of the state.</summary>
    public void Put(ReadOnlySpan<ulong> keys, uint account)
    {
        ArgumentOutOfRangeException.ThrowIfZero(account);
        if (keys.IsEmpty)
            return;
        if (_memory.Count >= _options.MostInMemory && _failure is not null)
            throw new IOException("The row index cannot be written; nothing more is taken in until it can.", _failure);
        _pendingChange = _store.AddChange(account, keys);
        foreach (var key in keys)
            _pending[key] = account;
    }

    public void OnCommitted()
    {
        foreach (var (key, account) in _pending)
            _memory[key] = account;
        _lastChange = Math.Max(_lastChange, _pendingChange);
        OnRolledBack();

        // When the disk is slower than the exports come, they wait for it here.
        if (_compaction is { } compaction && (compaction.Task.IsCompleted || _memory.Count >= _options.MostInMemory))
            Settle();
        StartCompaction();
    }

    public void OnRolledBack()
    {
        _pending.Clear();
        _pendingChange = 0;
        if (_pending.Capacity > 1 << 16)
            _pending.TrimExcess();
    }

    /// <summary>Brings everything that is committed into one file, and waits for it. Outside of a transaction.</summary>
    public void Compact()
    {
        Settle();
        if (_memory.Count == 0 && _segments.Count < 2)
            return;
        if (_memory.Count == 0)
            _lastChange = _store.AddChange(1, []); // The file needs a name of its own.
        StartCompaction(isWhole: true);
        Settle();
        if (_failure is not null)
            throw new IOException("The row index cannot be written.", _failure);
    }

    /// <summary>Tells the kernel to forget the files, so that the next lookups come from the disk: for measuring.</summary>
    public void Forget() => _segments.ForEach(s => s.Forget());

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _stop.Cancel();
        if (_compaction is not null)
            ((IAsyncResult)_compaction.Task).AsyncWaitHandle.WaitOne();
        if (_compaction is { Task.IsCompletedSuccessfully: true })
            _compaction.Task.GetAwaiter().GetResult().Dispose(); // On the disk but not listed: it is made again at the next start.
        _segments.ForEach(s => s.Dispose());
        _stop.Dispose();
    }

    private void StartCompaction(bool isWhole = false)
    {
        if (_compaction is not null || (_memory.Count < _options.FlushAt && !isWhole))
            return;
        var merged = 0;
        for (long rows = _memory.Count; merged < _segments.Count && (isWhole || _segments[merged].Count <= rows * _options.Ratio); merged++)
            rows += _segments[merged].Count;
        (_frozen, _memory) = (_memory, []);
        _compaction = Compaction.Start(_store.PathOf(_lastChange), _lastChange, _frozen, _segments[..merged], _stop.Token);
    }

    /// <summary>Waits for the file that a task writes, lists it and drops what it replaces.</summary>
    public void Settle()
    {
        if (_compaction is not { } compaction)
            return;
        OwnerSegment written;
        try
        {
            written = compaction.Task.GetAwaiter().GetResult();
        }
        catch (IOException failure)
        {
            // A full disk, say. Nothing is lost: the changes are in the database, and the next commit tries again.
            foreach (var (key, account) in _frozen)
                _memory.TryAdd(key, account);
            (_frozen, _compaction, _failure) = ([], null, failure);
            return;
        }

        _failure = null;
        var replaced = _segments[..compaction.Merged.Count];
        _store.List(compaction.LastChange, replaced.Select(s => s.Path));
        _segments = [written, .. _segments[compaction.Merged.Count..]];
        (_frozen, _compaction) = ([], null);
        foreach (var segment in replaced)
        {
            segment.Dispose();
            File.Delete(segment.Path);
        }
    }
}

/// <summary>How much an <see cref="OwnerMap"/> keeps in memory and how its files grow.</summary>
internal sealed record OwnerMapOptions
{
    /// <summary>Keys in memory at which a file is written; about 30 bytes each.</summary>
    public int FlushAt { get; init; } = 1 << 17;

    /// <summary>Keys in memory at which a change waits for the disk.</summary>
    public int MostInMemory { get; init; } = 1 << 18;

    /// <summary>A file is merged with newer ones when it is no more than so many times as large as they are together.</summary>
    public int Ratio { get; init; } = 7;
}
