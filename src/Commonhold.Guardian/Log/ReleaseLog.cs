using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Log;

/// <summary>The guardian's diary: one hash-chained line for every release, on disk before the answer leaves.</summary>
/// <remarks>Trusts: its own disk. Verifies: the whole chain of lines when opened. A line that a crash tore is cut off
/// (its answer never left) and kept beside the log; damage anywhere else stops the guardian.</remarks>
internal sealed class ReleaseLog : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly List<long> _offsets;
    private volatile bool _broken;
    private long _end;
    private Bytes32 _head;

    private ReleaseLog(FileStream file, ReleaseLogScan scan)
    {
        _file = file;
        _offsets = scan.Offsets;
        _end = scan.End;
        _head = scan.Head;
    }

    /// <summary>How many releases the log holds.</summary>
    public long Count
    {
        get { lock (_offsets) return _offsets.Count; }
    }

    /// <summary>Opens or creates the log and verifies every line.</summary>
    /// <exception cref="GuardianException">A line before the last is damaged.</exception>
    public static async Task<ReleaseLog> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var created = !File.Exists(path);
        FileStream file = new(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read,
            BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        try
        {
            if (created)
                DurableFile.SyncDirectoryOf(path);
            var scan = await ReleaseLogScan.ReadAsync(file, cancellationToken);
            if (scan.TornBytes.Length > 0)
            {
                await DurableFile.WriteAsync($"{path}.torn-{scan.Offsets.Count}", scan.TornBytes, cancellationToken);
                file.SetLength(scan.End);
                file.Flush(flushToDisk: true);
            }

            return new ReleaseLog(file, scan);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Appends one release; when this returns, the line has reached the disk.</summary>
    /// <exception cref="GuardianException">The line could not be written; nothing may be answered.</exception>
    public async Task<ReleaseLogEntry> AppendAsync(ReleaseRecord release, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_broken)
                throw Unavailable("an earlier write left it in an unknown state", null);
            var entry = ReleaseLogEntry.Chain(Count, release, _head);
            byte[] line = [.. entry.ToLine(), (byte)'\n'];
            // Not cancellable from here on: a caller that hangs up must not leave half a line.
            await WriteAsync(line);
            lock (_offsets)
            {
                _offsets.Add(_end);
                _end += line.Length;
                _head = entry.Digest;
            }

            return entry;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The lines from a sequence number on, as bytes of the file (each ends in a line feed).</summary>
    public async Task CopyToAsync(long from, int maxLines, Stream destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLines, 1);
        long position, stop;
        lock (_offsets)
        {
            if (from >= _offsets.Count)
                return;
            position = _offsets[(int)from];
            stop = from + maxLines < _offsets.Count ? _offsets[(int)from + maxLines] : _end;
        }

        var buffer = new byte[64 * 1024];
        while (position < stop)
        {
            var want = (int)Math.Min(buffer.Length, stop - position);
            var read = await RandomAccess.ReadAsync(
                _file.SafeFileHandle, buffer.AsMemory(0, want), position, cancellationToken);
            if (read == 0)
                throw Unavailable("it is shorter than what was written to it", null);
            await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            position += read;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _writing.Dispose();
    }

    private async Task WriteAsync(byte[] line)
    {
        try
        {
            await RandomAccess.WriteAsync(_file.SafeFileHandle, line, _end, CancellationToken.None);
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
        }
        catch (IOException e)
        {
            _broken = !TryTakeBack();
            throw Unavailable(e.Message, e);
        }
    }

    /// <summary>After a failed write or fsync nobody knows what is on the disk: the line goes, or nothing is ever written again.</summary>
    private bool TryTakeBack()
    {
        try
        {
            _file.SetLength(_end);
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
            return true;
        }
        catch (IOException)
        {
            // The caller reports the first failure; this one only means that the log stays closed.
            return false;
        }
    }

    private static GuardianException Unavailable(string reason, Exception? inner) => new(
        ReleaseCodes.LogUnavailable, $"The release log cannot be written: {reason}.",
        "Nothing is answered while it cannot be logged; look at the guardian's disk.", inner);
}
