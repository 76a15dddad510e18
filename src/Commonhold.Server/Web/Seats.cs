namespace Commonhold.Server.Web;

/// <summary>Bounds how many connections stay open, in all and for one address.</summary>
internal sealed class Seats(int total, int perAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _taken = [];
    private int _sum;

    public bool TryTake(string address)
    {
        lock (_gate)
        {
            var taken = _taken.GetValueOrDefault(address);
            if (_sum >= total || taken >= perAddress)
                return false;
            _taken[address] = taken + 1;
            _sum++;
            return true;
        }
    }

    public void Free(string address)
    {
        lock (_gate)
        {
            _sum--;
            if (--_taken[address] == 0)
                _taken.Remove(address);
        }
    }
}
