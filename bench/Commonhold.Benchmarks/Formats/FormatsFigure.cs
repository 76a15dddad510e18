using System.Diagnostics;
using System.Globalization;

namespace Commonhold.Benchmarks.Formats;

/// <summary>A 200 MB table: its CSV read beside plain line counting, cleaned, and read back as a validator does; processor time of one
/// core, and peak memory beyond the runtime's, each job in a process of its own.</summary>
internal sealed class FormatsFigure : IFigure
{
    private const long Bytes = 200_000_000;
    private const int Rounds = 3;
    private const double GoalSpeed = 40;
    private const double GoalMemory = 64;

    public string Name => "formats";

    public string Description => "read, clean and read back a 200 MB table beside plain line counting; peak memory beyond the runtime";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("commonhold-formats-").FullName;
        try
        {
            var (csv, cleaned) = (Path.Combine(folder, "rides.csv"), Path.Combine(folder, "cleaned.zip"));
            FormatsChild.Write(csv, Bytes);
            var megabytes = new FileInfo(csv).Length / 1e6;
            var jobs = new Dictionary<string, List<Job>>();
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var arguments in (string[][])[["idle"], ["lines", csv], ["csv", csv], ["clean", csv, cleaned], ["read", cleaned]])
                {
                    if (!jobs.TryGetValue(arguments[0], out var runs))
                        jobs.Add(arguments[0], runs = []);
                    runs.Add(await ChildAsync(arguments, cancellationToken));
                }

                await log.WriteLineAsync($"formats {round + 1}/{Rounds}: CSV {megabytes / jobs["csv"][^1].Seconds:0} MB/s");
            }

            return Summarise(jobs, megabytes, new FileInfo(cleaned).Length / 1e6);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private FigureResult Summarise(Dictionary<string, List<Job>> jobs, double megabytes, double cleanedMegabytes)
    {
        double Speed(string job) => megabytes / jobs[job].Select(j => j.Seconds).Order().ElementAt(Rounds / 2);
        double Memory(string job) => jobs[job].Max(j => j.Memory) - jobs["idle"].Min(j => j.Memory);
        var memory = new[] { Memory("csv"), Memory("clean"), Memory("read") }.Max();
        var speed = Speed("csv");
        return new FigureResult(
            Name, "MB/s of CSV", speed, Speed("lines"), speed / Speed("lines"),
            $"≥ {GoalSpeed} MB/s, ≤ {GoalMemory} MiB", speed >= GoalSpeed && memory <= GoalMemory,
            new Dictionary<string, double>
            {
                ["megabytes"] = megabytes,
                ["cleanedMegabytes"] = cleanedMegabytes,
                ["linesMegabytesPerSecond"] = Speed("lines"),
                ["csvMegabytesPerSecond"] = speed,
                ["cleanMegabytesPerSecond"] = Speed("clean"),
                ["readBackMegabytesPerSecond"] = Speed("read"),
                ["csvMiBBeyondRuntime"] = Memory("csv"),
                ["cleanMiBBeyondRuntime"] = Memory("clean"),
                ["readBackMiBBeyondRuntime"] = Memory("read"),
            });
    }

    internal static async Task<Job> ChildAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var program = Environment.ProcessPath!;
        string[] prefix = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(FormatsFigure).Assembly.Location, FormatsChild.Verb] : [FormatsChild.Verb];
        using var process = Process.Start(new ProcessStartInfo(program, [.. prefix, .. arguments]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The job '{arguments[0]}' ended with {process.ExitCode}.");
        var numbers = output.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return new Job(numbers[0], numbers[1]);
    }

    internal sealed record Job(double Seconds, double Memory);
}
