using System.Globalization;
using System.Text.Json;
using Commonhold.Benchmarks.Attacks;

namespace Commonhold.Benchmarks;

/// <summary>`commonhold-bench [NAME…] [--exports DIR] [--keys N] [--contributions N] [--json FILE]`: measures the named figures, or all of them.</summary>
/// <remarks>A missed goal is a result and not an error: the exit code is 0 when everything could be measured.</remarks>
internal static class Program
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static IFigure[] Figures(string? exports, long keys, int contributions) =>
    [
        new AgeFigure(),
        new PartialAnswersFigure(),
        new ValidationEntry(exports),
        new ShapleyFigure(),
        new OpenGrantFigure(),
        new GasFigure(),
        new AttackFigure(exports),
        new Readers.ReadersFigure(),
        new Formats.FormatsFigure(),
        new TextsFigure(),
        new IndexFigure(keys),
        new Day.DayFigure(exports, contributions),
        new Browser.BrowserFigure(),
        new Pages.PagesFigure(),
        new Browser.EncryptionFigure(),
    ];

    private static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };

        // A figure starts this program again to measure the memory of one job by itself.
        if (args is [AgeChild.Verb, .. var child]) return await AgeChild.RunAsync(child, stop.Token);

        if (args is [Formats.FormatsChild.Verb, .. var formats]) return Formats.FormatsChild.Run(formats, stop.Token);

        if (args is [IdKnots.Verb, var exported]) return IdKnots.Print(exported);

        var names = new List<string>(args);
        var file = TakeOption(names, "--json");
        var figures = Figures(
            TakeOption(names, "--exports"), long.Parse(TakeOption(names, "--keys") ?? "100000000", CultureInfo.InvariantCulture),
            int.Parse(TakeOption(names, "--contributions") ?? "21000", CultureInfo.InvariantCulture));
        if (names.Contains("--list") || names.Contains("--help")) return List(figures, 0);
        if (names.Find(name => figures.All(f => f.Name != name)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"commonhold-bench: error: no figure is called {unknown}");
            return List(figures, 2);
        }

        var results = new List<FigureResult>();
        foreach (var figure in figures.Where(f => names.Count == 0 || names.Contains(f.Name)))
        {
            try
            {
                results.Add(await figure.RunAsync(Console.Error, stop.Token));
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                await Console.Error.WriteLineAsync($"commonhold-bench: error: {figure.Name} could not be measured: {failure.Message}");
                return 1;
            }

            Print(results[^1]);
        }

        if (file is not null)
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { machine = Machine.Describe(), figures = results }, Json), stop.Token);
        return 0;
    }

    private static string? TakeOption(List<string> arguments, string name)
    {
        var at = arguments.IndexOf(name);
        if (at < 0 || at + 1 == arguments.Count) return null;
        var value = arguments[at + 1];
        arguments.RemoveRange(at, 2);
        return value;
    }

    private static int List(IEnumerable<IFigure> figures, int exitCode)
    {
        foreach (var figure in figures) Console.WriteLine($"{figure.Name,-18} {figure.Description}");
        return exitCode;
    }

    private static void Print(FigureResult result)
    {
        Console.WriteLine($"{result.Name}: {result.Ratio:0.00} (goal {result.Goal}: {(result.Met ? "met" : "missed")}); "
            + $"ours {result.Ours:0.###} {result.Unit}, peer {result.Peer:0.###}");
        foreach (var (name, value) in result.Details) Console.WriteLine($"  {name,-28} {value:0.###}");
    }
}
