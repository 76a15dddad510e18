using System.Diagnostics;
using System.Text;
using Commonhold.Cli;
using Commonhold.Cli.Chain;

namespace Commonhold.BrowserTests.World;

/// <summary>`commonhold up` as a process of its own, so that it can be killed as a machine that loses its power.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private const int ChainOffset = 25;
    private readonly string _home;
    private readonly int _port;
    private readonly StringBuilder _said = new();
    private Process? _process;

    private NodeProcess(string home, int port) => (_home, _port) = (home, port);

    /// <summary>The address that people use.</summary>
    public Uri Home => new($"http://localhost:{_port}/");

    /// <summary>The embedded chain stands 25 ports further on, as `commonhold up --port` says.</summary>
    public Uri Chain => new($"http://127.0.0.1:{_port + ChainOffset}/");

    public static async Task<NodeProcess> StartAsync(string home)
    {
        int port;
        do
            port = FreePort.Take();
        while (!FreePort.IsFree(port + ChainOffset));
        var node = new NodeProcess(home, port);
        await node.RiseAsync();
        return node;
    }

    /// <summary>Starts it, for the first time or again, and waits until it answers.</summary>
    public async Task RiseAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "commonhold.dll"), "up", "--home", _home, "--port", $"{_port}", "--name", Commons.Name])
            start.ArgumentList.Add(argument);
        // What it said in an earlier life is not said by this one.
        lock (_said)
            _said.Clear();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = Home, Timeout = Patience.Usual };
        var clock = Stopwatch.StartNew();
        while (!await IsReadyAsync(http))
        {
            if (_process.HasExited || clock.Elapsed > Patience.Usual)
                throw new InvalidOperationException($"The node does not come up ({(_process.HasExited ? $"exit code {_process.ExitCode}" : $"{Patience.Usual} were not enough")}): {Said()}");
            await Task.Delay(100);
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await Patience.ForAsync("the killed node is gone", _process.WaitForExitAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
        // Its chain saves itself before it ends, and whoever deletes the home would find new files in it.
        await AnvilState.UntilLeftAsync(new CommonholdHome(_home).Chain, CancellationToken.None);
    }

    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            // Everything is up when it says so; before that it may be ready and without a key.
            return answer.IsSuccessStatusCode && Said().Contains("is up", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string Said()
    {
        lock (_said)
            return _said.ToString();
    }

    private void Hear(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }
}
