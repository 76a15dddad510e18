using System.Diagnostics;
using Commonhold.Age;
using Commonhold.Client;

namespace Commonhold.Benchmarks;

/// <summary>Opening a grant of 10,000 small contributions through a node and five guardians over HTTP, all on this machine.</summary>
/// <remarks>The limit: the same files decrypted from disk with a known key, plus the bare curve multiplications that three guardians
/// and the grantee cannot do without. What is left between the two is ours: HTTP, chain reads, digests, sealed answers, logs.</remarks>
internal sealed class OpenGrantFigure : IFigure
{
    private const int Files = 10_000;
    private const int Bytes = 2_000;
    private const int Multiplications = 2_000;
    private const double GoalRatio = 0.5;

    public string Name => "open-grant";

    public string Description => "open a grant of 10,000 small files, files/s, beside local decryption and bare curve work";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("commonhold-bench-").FullName;
        try
        {
            await log.WriteLineAsync($"open-grant: sealing {Files:N0} files, starting a chain, a node and five guardians");
            await using var world = await OpenGrantWorld.CreateAsync(folder, Files, Bytes, cancellationToken);
            OpenOptions options = new();

            // The first pass compiles the code and fills the page cache, for both sides.
            await DecryptAsync(world, options, Path.Combine(folder, "warm"), cancellationToken);
            var (plain, curve) = await LimitAsync(world, options, Path.Combine(folder, "before"), cancellationToken);

            var firstFile = 0.0;
            var clock = Stopwatch.StartNew();
            OpenProgressClock progress = new(() => firstFile = firstFile == 0 ? clock.Elapsed.TotalSeconds : firstFile);
            var report = await world.Opener(options).OpenAsync(world.Grant, world.Terms, Path.Combine(folder, "opened"), progress, cancellationToken);
            var opened = clock.Elapsed.TotalSeconds;
            if (!report.TryGet(out var all, out var refusal))
                throw new InvalidOperationException(refusal.ToString());
            if (all.Count(OpenOutcome.Opened) != Files)
                throw new InvalidOperationException($"{all.Count(OpenOutcome.Opened)} of {Files} files were opened.");

            // Measured on both sides of ours, so that a machine that was busy for a while slows both.
            var after = await LimitAsync(world, options, Path.Combine(folder, "after"), cancellationToken);
            (plain, curve) = ((plain + after.Plain) / 2, (curve + after.Curve) / 2);
            var limit = plain + curve;
            await log.WriteLineAsync($"open-grant: {opened:0.0} s; plain decryption {plain:0.0} s, bare curve work {curve:0.0} s");
            var ratio = limit / opened;
            return new FigureResult(
                Name, "files/s", Files / opened, Files / limit, ratio, $"≥ {GoalRatio} of the limit", ratio >= GoalRatio,
                new Dictionary<string, double>
                {
                    ["files"] = Files,
                    ["bytesEach"] = Bytes,
                    ["secondsToOpen"] = opened,
                    ["secondsToFirstFile"] = firstFile,
                    ["secondsOfPlainDecryption"] = plain,
                    ["secondsOfBareCurveWork"] = curve,
                    ["ratioToPlainDecryption"] = plain / opened,
                });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Plain, double Curve)> LimitAsync(
        OpenGrantWorld world, OpenOptions options, string folder, CancellationToken cancellationToken) =>
        (await DecryptAsync(world, options, folder, cancellationToken),
            2.0 * OpenGrantWorld.AnswersNeeded * Files * await MultiplicationAsync(cancellationToken));

    /// <summary>Seconds to decrypt all files from disk to disk with a key that is at hand.</summary>
    private static async Task<double> DecryptAsync(OpenGrantWorld world, OpenOptions options, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        AgeOptions single = new() { Parallelism = 1 };
        var clock = Stopwatch.StartNew();
        await Parallel.ForAsync(
            0, world.Files.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                await using var input = File.OpenRead(world.Files[i]);
                await using var output = File.Create(Path.Combine(folder, i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                await AgeFile.DecryptAsync(input, output, [world.KnownIdentity], single, token);
            });
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>Seconds for one multiplication with every core at work.</summary>
    private static async Task<double> MultiplicationAsync(CancellationToken cancellationToken)
    {
        using var identity = X25519Identity.Generate();
        var point = GroupPoint.FromShare(AgeHeader.Parse(AgeFile.Seal([], identity.Recipient)).X25519Shares[0].Span).Bytes.ToArray();
        var scalar = new byte[32];
        scalar.AsSpan().Fill(0x0A);
        var clock = Stopwatch.StartNew();
        await Task.Run(
            () => Parallel.For(0, Multiplications, _ =>
            {
                Span<byte> product = stackalloc byte[32];
                if (Libsodium.Multiply(product, scalar, point) != 0)
                    throw new InvalidOperationException("A point was refused.");
            }), cancellationToken);
        return clock.Elapsed.TotalSeconds / Multiplications;
    }

    /// <summary>Reports on the thread that made the progress, so that the first file's time is its own.</summary>
    private sealed class OpenProgressClock(Action first) : IProgress<OpenProgress>
    {
        public void Report(OpenProgress value) => first();
    }
}
