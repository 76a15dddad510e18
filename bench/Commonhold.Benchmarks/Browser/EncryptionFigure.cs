using System.Diagnostics;
using System.Text.Json.Nodes;
using Commonhold.Age;
using Commonhold.Cli.Voice;

namespace Commonhold.Benchmarks.Browser;

/// <summary>Reads, cleans and encrypts an export in a tab, beside Node running the same code; and a file of 1 GB, for what it holds meanwhile.</summary>
internal sealed class EncryptionFigure : IFigure
{
    private const double GoalRatio = 0.5, GoalMemory = 100;
    private const int Rounds = 3;
    private const long Small = 64_000_000, Large = 1_000_000_000;

    // Asks the page's own worker, as its script does.
    private const string Seal = """
        (async (to) => {
          const address = document.querySelector('meta[name="worker:contribute"]').content;
          const worker = new Worker(address, { type: "module" });
          const file = document.getElementById("bench").files[0];
          const clock = performance.now();
          try {
            return await new Promise((done, fail) => {
              worker.onmessage = ({ data }) => {
                if (data.kind === "done") done({ seconds: (performance.now() - clock) / 1000, name: data.result.sealed.name });
                if (data.kind === "failed") fail(new Error(`${data.failure.code}: ${data.failure.detail}`));
              };
              worker.onerror = (error) => fail(new Error(error.message));
              worker.postMessage({ kind: "seal", file, policy: { schema: "reddit-export-v1" }, to, email: undefined, mostBytes: 1 << 30 });
            });
          } finally {
            worker.terminate();
            const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("contribute", { create: true });
            for await (const name of folder.keys()) await folder.removeEntry(name);
          }
        })
        """;

    public string Name => "browser-encryption";

    public string Description => "clean and encrypt an export in a tab beside Node with the same code; memory for 1 GB";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("commonhold-bench-export-");
        try
        {
            var (small, large) = (Path.Combine(folder.FullName, "small.zip"), Path.Combine(folder.FullName, "large.zip"));
            BigExport.Write(small, Small);
            BigExport.Write(large, Large);
            await using var node = await LivedInNode.StartAsync(cancellationToken);
            await using var chromium = await Chromium.StartAsync(cancellationToken);
            var to = new JsonObject { ["dataset"] = Recipient(), ["member"] = Recipient(), ["validator"] = Recipient() };
            double Rate(string path, double seconds) => new FileInfo(path).Length / 1e6 / seconds;
            List<double> ours = [], theirs = [];
            var smallMemory = 0.0;
            for (var round = 0; round < Rounds; round++)
            {
                var tab = await InTabAsync(chromium, node.Url, small, to, cancellationToken);
                ours.Add(Rate(small, tab.Seconds));
                smallMemory = Math.Max(smallMemory, tab.Memory);
                theirs.Add(Rate(small, await InNodeAsync(folder, small, to, cancellationToken)));
                await log.WriteLineAsync($"browser-encryption {round + 1}/{Rounds}: {ours[^1]:0.0} MB/s in a tab, {theirs[^1]:0.0} MB/s in Node");
            }

            var big = await InTabAsync(chromium, node.Url, large, to, cancellationToken);
            var ratio = Median(ours.Zip(theirs, (a, b) => a / b));
            return new FigureResult(
                Name, "MB/s", Median(ours), Median(theirs), ratio, $"≥ {GoalRatio:0.0} of Node; 1 GB takes ≤ {GoalMemory:0} MiB more than {Small / 1e6:0} MB",
                ratio >= GoalRatio && big.Memory - smallMemory <= GoalMemory,
                new Dictionary<string, double>
                {
                    ["secondsFor1GB"] = big.Seconds, ["rateFor1GB"] = Rate(large, big.Seconds), ["memoryMiB small"] = smallMemory, ["memoryMiB 1GB"] = big.Memory,
                    ["memoryMiB more"] = big.Memory - smallMemory,
                });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(double Seconds, double Memory)> InTabAsync(Chromium chromium, Uri url, string export, JsonObject to, CancellationToken cancellationToken)
    {
        await using var tab = await chromium.OpenTabAsync(cancellationToken);
        await tab.CallAsync("Page.setBypassCSP", new JsonObject { ["enabled"] = true }, cancellationToken);
        await tab.GoAsync(new Uri(url, "/contribute"), cancellationToken);
        await tab.EvaluateAsync("const input = document.createElement('input'); input.type = 'file'; input.id = 'bench'; document.body.append(input)", cancellationToken);
        var document = await tab.CallAsync("DOM.getDocument", null, cancellationToken);
        var input = await tab.CallAsync("DOM.querySelector", new JsonObject { ["nodeId"] = (int)document["root"]!["nodeId"]!, ["selector"] = "#bench" }, cancellationToken);
        await tab.CallAsync("DOM.setFileInputFiles", new JsonObject { ["files"] = new JsonArray(export), ["nodeId"] = (int)input["nodeId"]! }, cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(chromium, done.Token);
        var sealing = await tab.EvaluateAsync($"({Seal})({to.ToJsonString()})", cancellationToken);
        await done.CancelAsync();
        await tab.CallAsync("Page.close", null, cancellationToken);
        return ((double)sealing!["seconds"]!, await watching);
    }

    private static async Task<double> WatchAsync(Chromium chromium, CancellationToken cancellationToken)
    {
        var largest = 0.0;
        while (!cancellationToken.IsCancellationRequested)
        {
            largest = Math.Max(largest, chromium.LargestPageProcess());
            await Task.Delay(250, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return largest;
    }

    /// <summary>The same code, built for Node by web/build.mjs, answering one question a line.</summary>
    private static async Task<double> InNodeAsync(DirectoryInfo folder, string export, JsonObject to, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node", ["--no-warnings", Bundle()]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var ciphertext = Path.Combine(folder.FullName, "node.age");
        var question = new JsonObject { ["kind"] = "seal", ["path"] = export, ["name"] = Path.GetFileName(export), ["schema"] = "reddit-export-v1", ["to"] = to.DeepClone(), ["ciphertext"] = ciphertext };
        // One small question first: starting Node is not what is measured.
        await process.StandardInput.WriteLineAsync("""{"kind":"none"}""".AsMemory(), cancellationToken);
        await process.StandardOutput.ReadLineAsync(cancellationToken);
        var clock = Stopwatch.StartNew();
        await process.StandardInput.WriteLineAsync(question.ToJsonString().AsMemory(), cancellationToken);
        var answer = await process.StandardOutput.ReadLineAsync(cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        File.Delete(ciphertext);
        return JsonNode.Parse(answer ?? "null")?["ciphertextDigest"] is null ? throw new CommandFailedException($"Node did not encrypt: {answer}") : seconds;
    }

    private static string Bundle()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, "web", "dist", "contribute.mjs") is var bundle && File.Exists(bundle))
                return bundle;
        throw new CommandFailedException("the browser's code is not built", "npm ci --prefix web && npm run build --prefix web");
    }

    private static string Recipient()
    {
        using var identity = X25519Identity.Generate();
        return identity.Recipient.ToString();
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
