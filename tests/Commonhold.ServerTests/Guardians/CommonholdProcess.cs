using System.Diagnostics;
using System.Text;

namespace Commonhold.ServerTests.Guardians;

/// <summary>The `commonhold` command as a process of its own.</summary>
internal sealed class CommonholdProcess : IAsyncDisposable
{
    /// <summary>Far more than a busy machine needs: it only ends what would never end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CommonholdProcess(Process process) => _process = process;

    public string Said
    {
        get { lock (_said) return _said.ToString(); }
    }

    public static CommonholdProcess Start(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["COMMONHOLD_HOME"] = Path.GetTempPath();
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "commonhold.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        CommonholdProcess started = new(new Process { StartInfo = start });
        started._process.OutputDataReceived += (_, line) => started.Hear(line.Data);
        started._process.ErrorDataReceived += (_, line) => started.Hear(line.Data);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Where the process says that it answers.</summary>
    public async Task<Uri> AddressAsync()
    {
        if (await Task.WhenAny(_address.Task, _process.WaitForExitAsync(), Task.Delay(Patience)) != _address.Task)
            throw new InvalidOperationException($"It does not answer: {Said}");
        return await _address.Task;
    }

    public async Task<int> ExitCodeAsync()
    {
        if (await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(Patience)) is var first && !_process.HasExited)
            throw new TimeoutException($"It has not ended within {Patience}: {Said}");
        await first;
        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.AppendLine(line);
        const string marker = " answers at ";
        var at = line.IndexOf(marker, StringComparison.Ordinal);
        if (at >= 0)
            _address.TrySetResult(new Uri(line[(at + marker.Length)..]));
    }
}
