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
        var folder = Directory.CreateTempSubdirectory("commonhold-bench-").FullName;
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
                var ours = await ChildAsync(["encrypt", At("key"), At("plain"), At("ours.age")], cancellationToken);
                var theirs = await CommandAsync("age", ["-r", key.Recipient.ToString(), "-o", At("theirs.age"), At("plain")], cancellationToken);
                var oursBack = await ChildAsync(["decrypt", At("key"), At("theirs.age"), At("back")], cancellationToken);
                File.Delete(At("back"));
                var theirsBack = await CommandAsync("age", ["-d", "-i", At("key"), "-o", At("back"), At("ours.age")], cancellationToken);
                foreach (var name in (string[])["ours.age", "theirs.age", "back"]) File.Delete(At(name));
                runs.Add(new Round(ours, theirs, oursBack, theirsBack));
                await log.WriteLineAsync($"age {round + 1}/{Rounds}: encrypt {ours.Seconds:0.00} s against {theirs:0.00} s, decrypt {oursBack.Seconds:0.00} s against {theirsBack:0.00} s");
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
        var encrypt = Median(runs.Select(r => r.TheirEncrypt / r.Encrypt.Seconds));
        var decrypt = Median(runs.Select(r => r.TheirDecrypt / r.Decrypt.Seconds));
        var memory = runs.Max(r => Math.Max(r.Encrypt.Memory, r.Decrypt.Memory)) - idle.Memory;
        var ratio = Math.Min(encrypt, decrypt);
        return new FigureResult(
            Name, "s per GiB", Median(runs.Select(r => r.Encrypt.Seconds)), Median(runs.Select(r => r.TheirEncrypt)), ratio,
            $"≥ {GoalRatio:0}, ≤ {GoalMemory:0} MiB", ratio >= GoalRatio && memory <= GoalMemory,
            new Dictionary<string, double>
            {
                ["encryptRatio"] = encrypt,
                ["decryptRatio"] = decrypt,
                ["encryptSeconds"] = Median(runs.Select(r => r.Encrypt.Seconds)),
                ["ageEncryptSeconds"] = Median(runs.Select(r => r.TheirEncrypt)),
                ["decryptSeconds"] = Median(runs.Select(r => r.Decrypt.Seconds)),
                ["ageDecryptSeconds"] = Median(runs.Select(r => r.TheirDecrypt)),
                ["encryptSecondsWithRuntime"] = Median(runs.Select(r => r.Encrypt.SecondsWithRuntime)),
                ["memoryBeyondRuntimeMiB"] = memory,
                ["idleRuntimeMiB"] = idle.Memory,
                ["processors"] = Environment.ProcessorCount,
            });
    }

    private static async Task<Job> ChildAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        // Started through `dotnet FILE.dll` or as an executable of its own: the same way again.
        var program = Environment.ProcessPath!;
        var entry = typeof(AgeFigure).Assembly.Location;
        string[] prefix = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [entry, AgeChild.Verb] : [AgeChild.Verb];
        var output = (await OutputAsync(program, [.. prefix, .. arguments], cancellationToken)).Split(' ');
        return new Job(
            double.Parse(output[0], CultureInfo.InvariantCulture), double.Parse(output[1], CultureInfo.InvariantCulture), clock.Elapsed.TotalSeconds);
    }

    private static async Task<double> CommandAsync(string command, string[] arguments, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await OutputAsync(command, arguments, cancellationToken);
        return clock.Elapsed.TotalSeconds;
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

    private sealed record Job(double Seconds, double Memory, double SecondsWithRuntime);

    private sealed record Round(Job Encrypt, double TheirEncrypt, Job Decrypt, double TheirDecrypt);
}
