using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Commonhold.BrowserTests.World;

/// <summary>Listens to everything that a person's pages say: an error on the console, a broken policy, an unhandled exception or a request
/// to a stranger fails the journey, whether or not anybody looked.</summary>
internal sealed class Watch
{
    private readonly ConcurrentQueue<string> _said = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentBag<Regex> _expected = [];
    private readonly IReadOnlyList<Uri> _known;
    private readonly bool _anyLoopback;

    /// <param name="known">The node, its chain and its guardians: nobody else may be asked for anything.</param>
    public Watch(IBrowserContext context, IReadOnlyList<Uri> known, bool anyLoopback = false)
    {
        _known = known;
        _anyLoopback = anyLoopback;
        context.Console += (_, message) => Hear(message);
        context.WebError += (_, error) => Fault($"[exception] {error.Error}");
        context.Request += (_, request) => See(request);
    }

    public string Log => string.Join('\n', _said);

    /// <summary>A journey that provokes a refusal says so; the rest still counts.</summary>
    public void Expect(string pattern) => _expected.Add(new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase));

    public void AssertQuiet()
    {
        var faults = _faults.Where(fault => !_expected.Any(e => e.IsMatch(fault))).Distinct().ToList();
        Assert.True(faults.Count == 0, $"The browser complained:\n{string.Join('\n', faults.Take(20))}");
    }

    private void Hear(IConsoleMessage message)
    {
        var line = $"[{message.Type}] {message.Text} ({message.Location})";
        _said.Enqueue(line);
        if (message.Type is "error" or "warning")
            _faults.Enqueue(line);
    }

    private void See(IRequest request)
    {
        _said.Enqueue($"[request] {request.Method} {request.Url}");
        if (Uri.TryCreate(request.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "ws" or "wss" && !(url.IsLoopback && (_anyLoopback || _known.Any(k => k.Port == url.Port))))
            Fault($"[stranger] {request.Method} {request.Url}");
    }

    private void Fault(string line)
    {
        _said.Enqueue(line);
        _faults.Enqueue(line);
    }
}
