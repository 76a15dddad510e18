using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Numerics;
using System.Text.Json;
using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Chain;

/// <summary>The calls that only a trial chain answers: time, balances, snapshots.</summary>
internal sealed class AnvilControl(Uri url) : IDisposable
{
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private int nextId;

    public Uri Url => url;

    /// <summary>Moves the chain's clock forward and mines a block, so that every later read and transaction sees the new time.</summary>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        await CallAsync("evm_increaseTime", [(long)Math.Ceiling(by.TotalSeconds)], cancellationToken).ConfigureAwait(false);
        await CallAsync("evm_mine", [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Moves the chain's clock to a Unix time; does nothing when it is already there.</summary>
    public async Task AdvanceToAsync(long unixSeconds, CancellationToken cancellationToken)
    {
        var head = await HeadAsync(cancellationToken).ConfigureAwait(false);
        if (unixSeconds > head.Time)
            await AdvanceAsync(TimeSpan.FromSeconds(unixSeconds - head.Time), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>After a restart anvil may fall back to the machine's clock, behind its own last block: this pushes it past that block.</summary>
    public async Task ResumeClockAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var head = await HeadAsync(cancellationToken).ConfigureAwait(false);
        await CallAsync("evm_setNextBlockTimestamp", [Math.Max(head.Time + 1, now.ToUnixTimeSeconds())], cancellationToken).ConfigureAwait(false);
        await MineAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task MineAsync(CancellationToken cancellationToken) => CallAsync("evm_mine", [], cancellationToken);

    /// <summary>Gives an account coins for gas. On this chain they cost nothing and are worth nothing.</summary>
    public Task SetBalanceAsync(string address, BigInteger wei, CancellationToken cancellationToken) =>
        CallAsync("anvil_setBalance", [address, "0x" + wei.ToString("x", CultureInfo.InvariantCulture).TrimStart('0').PadLeft(1, '0')], cancellationToken);

    public async Task<(long Number, long Time)> HeadAsync(CancellationToken cancellationToken)
    {
        var block = await CallAsync("eth_getBlockByNumber", ["latest", false], cancellationToken).ConfigureAwait(false);
        return (Quantity(block, "number"), Quantity(block, "timestamp"));
    }

    public async Task<bool> HasTransactionsAsync(long firstBlock, long lastBlock, CancellationToken cancellationToken)
    {
        for (var number = lastBlock; number >= firstBlock; number--)
        {
            var count = await CallAsync("eth_getBlockTransactionCountByNumber", [$"0x{number:x}"], cancellationToken).ConfigureAwait(false);
            if (count.GetString() is not ("0x0" or null))
                return true;
        }

        return false;
    }

    /// <summary>The whole chain as the JSON document that anvil loads at its start.</summary>
    public async Task<byte[]> DumpAsync(CancellationToken cancellationToken)
    {
        var result = await CallAsync("anvil_dumpState", [], cancellationToken).ConfigureAwait(false);
        await using var inflate = new GZipStream(new MemoryStream(Convert.FromHexString(result.GetString()!.AsSpan(2))), CompressionMode.Decompress);
        using var json = new MemoryStream();
        await inflate.CopyToAsync(json, cancellationToken).ConfigureAwait(false);
        return json.ToArray();
    }

    public async Task<JsonElement> CallAsync(string method, object[] parameters, CancellationToken cancellationToken)
    {
        var request = new { jsonrpc = "2.0", id = Interlocked.Increment(ref nextId), method, @params = parameters };
        using var response = await http.PostAsJsonAsync(url, request, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        using var answer = await response.Content.ReadFromJsonAsync<JsonDocument>(cancellationToken).ConfigureAwait(false)
            ?? throw new CommandFailedException($"the embedded chain answered nothing to {method}");
        if (answer.RootElement.TryGetProperty("error", out var error))
            throw new CommandFailedException($"the embedded chain refused {method}: {error.GetProperty("message").GetString()}");
        return answer.RootElement.GetProperty("result").Clone();
    }

    public async Task WaitUntilReadyAsync(Func<bool> hasExited, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (hasExited())
                throw new CommandFailedException("it ended at once");
            try
            {
                await CallAsync("eth_chainId", [], deadline.Token).ConfigureAwait(false);
                return;
            }
            catch (HttpRequestException) when (!deadline.IsCancellationRequested)
            {
                await Task.Delay(50, deadline.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new CommandFailedException("no answer within 60 s");
            }
        }
    }

    public void Dispose() => http.Dispose();

    private static long Quantity(JsonElement block, string name) =>
        long.Parse(block.GetProperty(name).GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
