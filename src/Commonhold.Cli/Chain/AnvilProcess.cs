using System.Diagnostics;
using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Chain;

/// <summary>The embedded chain: anvil as a child process with its state in one file.</summary>
/// <remarks>Guarantee: it does not outlive us, also after kill -9 (its keeper reads our end of a pipe), but to save itself, and it starts again where
/// it stopped: its own file, for which a new start waits, or else our atomic snapshots. It listens on loopback only and answers no web page but those of
/// <see cref="AnvilOptions.PagesOrigin"/>, and it holds no funded accounts. Trust: whoever can reach its port owns this chain (anvil's own calls can do anything);
/// it is for trials, any other JSON-RPC endpoint replaces it. Each transaction is mined at once; an empty block every
/// <see cref="AnvilOptions.BlockTime"/> lets time move by itself.</remarks>
internal sealed class AnvilProcess : IAsyncDisposable
{
    // Closing standard input (or our death) ends anvil with SIGTERM, on which it saves its state; setsid keeps Ctrl-C away from it.
    private const string Keeper =
        "exec 9<&0; \"$@\" </dev/null & child=$!; (read -r _ <&9; kill -TERM $child) & reader=$!; wait $child; code=$?; kill $reader 2>/dev/null; exit $code";

    private readonly Process keeper;
    private readonly AnvilState? state;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task saving;

    private AnvilProcess(Process keeper, AnvilControl control, AnvilState? state, AnvilOptions options)
    {
        this.keeper = keeper;
        this.state = state;
        Control = control;
        Url = control.Url;
        saving = state is null ? Task.CompletedTask : SaveRegularlyAsync(options);
    }

    /// <summary>The JSON-RPC address.</summary>
    public Uri Url { get; }

    internal int KeeperId => keeper.Id;

    /// <summary>Time, balances and blocks: what only a trial chain lets one do.</summary>
    public AnvilControl Control { get; }

    public static async Task<AnvilProcess> StartAsync(AnvilOptions options, CancellationToken cancellationToken)
    {
        if (options.Directory is not null)
            await AnvilState.UntilLeftAsync(CommonholdHome.Private(options.Directory), cancellationToken).ConfigureAwait(false);
        var port = options.Port == 0 ? FreePort.Take() : FreePort.Require(options.Port, "commonhold up --port N (the chain takes N + 25)");
        var state = options.Directory is null ? null : new AnvilState(CommonholdHome.Private(options.Directory));
        var arguments = new List<string>
        {
            AnvilBinary.Find(), "--host", "127.0.0.1", "--port", $"{port}", "--chain-id", $"{options.ChainId}",
            "--block-time", $"{(int)options.BlockTime.TotalSeconds}", "--mixed-mining", "--accounts", "0", "--silent",
            "--no-request-size-limit",
        };
        arguments.AddRange(options.PagesOrigin is { } origin ? ["--allow-origin", origin.GetLeftPart(UriPartial.Authority)] : ["--no-cors"]);
        if (options.GenesisTime is { } genesis && state?.Current is null)
            arguments.AddRange(["--timestamp", $"{genesis.ToUnixTimeSeconds()}"]);
        if (state is not null)
            arguments.AddRange(state.Arguments());

        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] holding = options.Directory is null ? [] : ["flock", "--timeout", "60", "--no-fork", AnvilState.LockOf(options.Directory)];
        foreach (var argument in (string[])[.. holding, "sh", "-c", Keeper, "commonhold-chain", .. arguments])
            start.ArgumentList.Add(argument);

        var keeper = Process.Start(start) ?? throw new CommandFailedException("cannot start the embedded chain");
        var said = keeper.StandardError.ReadToEndAsync(CancellationToken.None);
        _ = keeper.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var control = new AnvilControl(new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await control.WaitUntilReadyAsync(() => keeper.HasExited, cancellationToken).ConfigureAwait(false);
            if (state?.Current is not null)
                await control.ResumeClockAsync(options.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            return new AnvilProcess(keeper, control, state, options);
        }
        catch (Exception e)
        {
            keeper.StandardInput.Close();
            if (e is OperationCanceledException)
                throw;
            await keeper.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            var lines = (await said.ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            throw new CommandFailedException(
                new Complaint(ExitCode.Failed, $"the embedded chain did not start on port {port}: {lines.LastOrDefault() ?? e.Message}",
                    "is another one running, or is its state file damaged?"), e);
        }
    }

    /// <summary>Saves the state and ends the child.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        keeper.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await keeper.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!keeper.HasExited)
            keeper.Kill(entireProcessTree: true);
        state?.AdoptWhatAnvilSaved();
        keeper.Dispose();
        Control.Dispose();
        stopping.Dispose();
    }

    private async Task SaveRegularlyAsync(AnvilOptions options)
    {
        using var timer = new PeriodicTimer(options.SaveInterval);
        long seen = -1;
        var worthSaving = false;
        while (await timer.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false))
        {
            try
            {
                var head = await Control.HeadAsync(stopping.Token).ConfigureAwait(false);
                // Empty blocks only move time, and the whole chain is written each time: it would cost more than it saves.
                worthSaving |= seen < 0 || await Control.HasTransactionsAsync(seen + 1, head.Number, stopping.Token).ConfigureAwait(false);
                seen = head.Number;
                if (!worthSaving)
                    continue;
                await state!.SaveAsync(await Control.DumpAsync(stopping.Token).ConfigureAwait(false), stopping.Token).ConfigureAwait(false);
                worthSaving = false;
            }
            catch (HttpRequestException)
            {
                // The child is gone or busy; whoever uses the chain hears of it, and the last snapshot stays good.
            }
        }
    }
}
