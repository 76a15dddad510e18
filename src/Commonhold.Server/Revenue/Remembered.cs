using System.Collections.Concurrent;
using System.Numerics;

namespace Commonhold.Server.Revenue;

/// <summary>Numbers of the chain that do not change any more, so many of them; when it is full it begins anew.</summary>
internal sealed class Remembered<TKey>(int most)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, BigInteger> _numbers = new();

    /// <param name="isSettled">Whether the number of a key is to be kept.</param>
    /// <param name="read">Reads those that are not there, in their order.</param>
    public async Task<IReadOnlyDictionary<TKey, BigInteger>> ReadAsync(
        IReadOnlyList<TKey> keys, Predicate<TKey> isSettled, Func<IReadOnlyList<TKey>, Task<IReadOnlyList<BigInteger>>> read)
    {
        var found = new Dictionary<TKey, BigInteger>(keys.Count);
        var missing = new List<TKey>();
        foreach (var key in keys)
        {
            if (_numbers.TryGetValue(key, out var number))
                found[key] = number;
            else
                missing.Add(key);
        }

        foreach (var (key, number) in missing.Zip(await read(missing)))
        {
            found[key] = number;
            if (!isSettled(key))
                continue;
            if (_numbers.Count >= most)
                _numbers.Clear();
            _numbers[key] = number;
        }

        return found;
    }
}
