namespace Commonhold.Ethereum;

/// <summary>Keccak-256 of data that arrives in pieces. Not thread-safe; one instance hashes one message.</summary>
public sealed class IncrementalKeccak256
{
    private readonly ulong[] _state = new ulong[25];
    private readonly byte[] _block = new byte[Keccak256.RateInBytes];
    private int _filled;
    private bool _finished;

    public void Append(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        while (!data.IsEmpty)
        {
            int taken = Math.Min(data.Length, _block.Length - _filled);
            data[..taken].CopyTo(_block.AsSpan(_filled));
            data = data[taken..];
            _filled += taken;
            if (_filled == _block.Length)
            {
                Keccak256.Absorb(_state, _block);
                _filled = 0;
            }
        }
    }

    /// <summary>The digest of everything appended; nothing can be appended afterwards.</summary>
    public Bytes32 Finish()
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        _finished = true;
        return Keccak256.Finish(_state, _block.AsSpan(0, _filled));
    }
}
