using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Commonhold.Age;

namespace Commonhold.Benchmarks;

/// <summary>Encrypting and decrypting 1 GiB beside the `age` command, run in turn on the same file.</summary>
internal sealed class AgeFigure : IFigure
{
    private const int Rounds = 5;
    private const double GoalRatio = 2;
    private const double GoalMemory = 100;

    public string Name => "age";

    public string Description => "encrypt and decrypt 1 GiB beside the age command; peak memory beyond the runtime";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        // In memory where there is room: a disk that is still writing the last run's pages would be measured instead.
        var folder = HasRoom("/dev/shm") ? Directory.CreateDirectory($"/dev/shm/commonhold-bench-{Environment.ProcessId}").FullName
            : Directory.CreateTempSubdirectory("commonhold-bench-").FullName;
        string At(string name) => Path.Combine(folder, name);
        try
        {
            using var key = X25519Identity.Generate();
            await File.WriteAllTextAsync(At("key"), KeyFile.Write(key, DateTimeOffset.UnixEpoch), cancellationToken);
            await WriteRandomAsync(At("plain"), 1 << 30, cancellationToken);
            var idle = await ChildAsync(["idle"], cancellationToken);

            var runs = new List<Round>();
            for (var round = 0; round < Rounds; round++)
            {
                Job? ours = null, oursBack = null, theirs = null, theirsBack = null;
                // Who goes first changes every round.
                await InTurnAsync(
                    folder, round,
                    async () => ours = await ChildAsync(["encrypt", At("key"), At("plain"), At("ours.age")], cancellationToken),
                    async () => theirs = await CommandAsync("age", ["-r", key.Recipient.ToString(), "-o", At("theirs.age"), At("plain")], cancellationToken));
                await InTurnAsync(
                    folder, round,
                    async () => oursBack = await ChildAsync(["decrypt", At("key"), At("theirs.age"), At("back")], cancellationToken),
                    async () => theirsBack = await CommandAsync("age", ["-d", "-i", At("key"), "-o", At("back2"), At("ours.age")], cancellationToken));
                foreach (var name in (string[])["ours.age", "theirs.age", "back", "back2"]) File.Delete(At(name));
                runs.Add(new Round(ours!, theirs!, oursBack!, theirsBack!));
                await log.WriteLineAsync($"age {round + 1}/{Rounds}: encrypt {ours!.Seconds:0.00} s against {theirs!.Seconds:0.00} s, decrypt {oursBack!.Seconds:0.00} s against {theirsBack!.Seconds:0.00} s");
            }

            return Summarise(runs, idle);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private FigureResult Summarise(List<Round> runs, Job idle)
    {
        // Pairs ran one after the other, so a busy machine slows both; the median pair counts.
        var encrypt = Median(runs.Select(r => r.TheirEncrypt.Seconds / r.Encrypt.Seconds));
        var decrypt = Median(runs.Select(r => r.TheirDecrypt.Seconds / r.Decrypt.Seconds));
        var memory = runs.Max(r => Math.Max(r.Encrypt.Memory, r.Decrypt.Memory)) - idle.Memory;
        var ratio = Math.Min(encrypt, decrypt);
        return new FigureResult(
            Name, "s per GiB", Median(runs.Select(r => r.Encrypt.Seconds)), Median(runs.Select(r => r.TheirEncrypt.Seconds)), ratio,
            $"≥ {GoalRatio:0}, ≤ {GoalMemory:0} MiB", ratio >= GoalRatio && memory <= GoalMemory,
            new Dictionary<string, double>
            {
                ["encryptRatio"] = encrypt,
                ["decryptRatio"] = decrypt,
                ["encryptSeconds"] = Median(runs.Select(r => r.Encrypt.Seconds)),
                ["ageEncryptSeconds"] = Median(runs.Select(r => r.TheirEncrypt.Seconds)),
                ["decryptSeconds"] = Median(runs.Select(r => r.Decrypt.Seconds)),
                ["ageDecryptSeconds"] = Median(runs.Select(r => r.TheirDecrypt.Seconds)),
                ["encryptSecondsWithRuntime"] = Median(runs.Select(r => r.Encrypt.SecondsWithRuntime)),
                ["encryptProcessorSeconds"] = Median(runs.Select(r => r.Encrypt.ProcessorSeconds)),
                ["ageEncryptProcessorSeconds"] = Median(runs.Select(r => r.TheirEncrypt.ProcessorSeconds)),
                ["decryptProcessorSeconds"] = Median(runs.Select(r => r.Decrypt.ProcessorSeconds)),
                ["ageDecryptProcessorSeconds"] = Median(runs.Select(r => r.TheirDecrypt.ProcessorSeconds)),
                ["memoryBeyondRuntimeMiB"] = memory,
                ["idleRuntimeMiB"] = idle.Memory,
                ["processors"] = Environment.ProcessorCount,
            });
    }

    private static bool HasRoom(string folder) => Directory.Exists(folder) && new DriveInfo(folder).AvailableFreeSpace > 8L << 30;

    private static async Task InTurnAsync(string folder, int round, Func<Task> first, Func<Task> second)
    {
        await WarmAsync(folder);
        await (round % 2 == 0 ? first : second)();
        await WarmAsync(folder);
        await (round % 2 == 0 ? second : first)();
    }

    // A virtual machine gives unused memory back to its host, and getting it again costs seconds: whoever ran first would pay for both.
    private static async Task WarmAsync(string folder)
    {
        var path = Path.Combine(folder, "warm");
        var block = new byte[1 << 20];
        await using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 }))
        {
            for (var i = 0; i < 1100; i++)
                file.Write(block);
        }

        File.Delete(path);
    }

    private static async Task<Job> ChildAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var before = Machine.ChildrenSeconds();
        var clock = Stopwatch.StartNew();
        // Started through `dotnet FILE.dll` or as an executable of its own: the same way again.
        var program = Environment.ProcessPath!;
        var entry = typeof(AgeFigure).Assembly.Location;
        string[] prefix = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [entry, AgeChild.Verb] : [AgeChild.Verb];
        var output = (await OutputAsync(program, [.. prefix, .. arguments], cancellationToken)).Split(' ');
        return new Job(
            double.Parse(output[0], CultureInfo.InvariantCulture), Machine.ChildrenSeconds() - before,
            double.Parse(output[1], CultureInfo.InvariantCulture), clock.Elapsed.TotalSeconds);
    }

    private static async Task<Job> CommandAsync(string command, string[] arguments, CancellationToken cancellationToken)
    {
        var before = Machine.ChildrenSeconds();
        var clock = Stopwatch.StartNew();
        await OutputAsync(command, arguments, cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;
        return new Job(seconds, Machine.ChildrenSeconds() - before, 0, seconds);
    }

    private static async Task<string> OutputAsync(string command, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command} ended with {process.ExitCode}.");
    }

    private static async Task WriteRandomAsync(string path, long size, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        var block = new byte[1 << 20];
        for (var written = 0L; written < size; written += block.Length)
        {
            RandomNumberGenerator.Fill(block);
            await file.WriteAsync(block, cancellationToken);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private sealed record Job(double Seconds, double ProcessorSeconds, double Memory, double SecondsWithRuntime);

    private sealed record Round(Job Encrypt, Job TheirEncrypt, Job Decrypt, Job TheirDecrypt);
}
