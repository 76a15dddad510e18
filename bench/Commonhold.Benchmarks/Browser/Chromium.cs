using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Commonhold.Benchmarks.Browser;

/// <summary>Debian's Chromium without a window, with a profile that is thrown away.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly HttpClient _http;

    private Chromium(Process process, DirectoryInfo profile, HttpClient http) => (_process, _profile, _http) = (process, profile, http);

    public static async Task<Chromium> StartAsync(CancellationToken cancellationToken)
    {
        var profile = Directory.CreateTempSubdirectory("commonhold-bench-chromium-");
        var start = new ProcessStartInfo("chromium",
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank",
        ]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var port = Path.Combine(profile.FullName, "DevToolsActivePort");
        for (var tries = 0; !File.Exists(port) || (await File.ReadAllLinesAsync(port, cancellationToken)).Length < 2; tries++)
        {
            if (process.HasExited || tries == 600)
                throw new InvalidOperationException("chromium does not start");
            await Task.Delay(50, cancellationToken);
        }

        var lines = await File.ReadAllLinesAsync(port, cancellationToken);
        return new Chromium(process, profile, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{lines[0]}") });
    }

    public async Task<DevTools> OpenTabAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.PutAsync(new Uri("/json/new?about:blank", UriKind.Relative), null, cancellationToken);
        var tab = await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
        return await DevTools.AttachAsync(new Uri((string)tab!["webSocketDebuggerUrl"]!), cancellationToken);
    }

    /// <summary>What the largest of the processes that run pages holds, in MiB.</summary>
    public double LargestPageProcess()
    {
        var largest = 0.0;
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            try
            {
                var command = File.ReadAllText(Path.Combine(directory, "cmdline"));
                if (!command.Contains("--type=renderer", StringComparison.Ordinal) || !command.Contains(_profile.FullName, StringComparison.Ordinal))
                    continue;
                var resident = File.ReadLines(Path.Combine(directory, "status")).First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
                largest = Math.Max(largest, double.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024);
            }
            catch (Exception gone) when (gone is IOException or InvalidOperationException or UnauthorizedAccessException)
            {
                // It ended while we read.
            }
        }

        return largest;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        for (var tries = 0; tries < 20; tries++)
        {
            try
            {
                _profile.Delete(recursive: true);
                return;
            }
            catch (IOException) when (tries < 19)
            {
                await Task.Delay(100); // Its children are still closing their files.
            }
        }
    }
}
