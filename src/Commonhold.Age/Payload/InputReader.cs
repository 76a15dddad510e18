namespace Commonhold.Age;

/// <summary>A stream with the bytes that were read ahead of their turn put back in front of it.</summary>
internal sealed class InputReader(Stream stream)
{
    private ReadOnlyMemory<byte> pushedBack;

    /// <summary>The file behind it and the place of the next byte; null when it is no file that can be read at any place.</summary>
    internal (FileStream File, long Position)? File =>
        stream is FileStream { CanSeek: true } file ? (file, file.Position - pushedBack.Length) : null;

    internal void PushBack(ReadOnlyMemory<byte> bytes) => pushedBack = bytes;

    /// <summary>Fills the buffer unless the stream ends first; returns how much was read.</summary>
    internal async ValueTask<int> ReadFullAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var taken = Math.Min(pushedBack.Length, buffer.Length);
        pushedBack[..taken].CopyTo(buffer);
        pushedBack = pushedBack[taken..];
        return taken + await stream.ReadAtLeastAsync(
            buffer[taken..], buffer.Length - taken, throwOnEndOfStream: false, cancellationToken);
    }

    /// <summary>Whatever is there, at least one byte unless the stream has ended.</summary>
    internal async ValueTask<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (pushedBack.IsEmpty) return await stream.ReadAsync(buffer, cancellationToken);
        return await ReadFullAsync(buffer[..Math.Min(buffer.Length, pushedBack.Length)], cancellationToken);
    }
}
