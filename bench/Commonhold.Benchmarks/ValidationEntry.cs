namespace Commonhold.Benchmarks;

/// <summary>Lists <see cref="ValidationFigure"/> among the figures.</summary>
internal sealed class ValidationEntry(string? exports) : IFigure
{
    public string Name => "validation";

    public string Description => "validate exports beside unzip-and-count of the same files (--exports DIR, or samples)";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        var result = await ValidationFigure.RunAsync(exports, cancellationToken);
        var worse = Math.Max(result.Original, result.Cleaned);
        return new FigureResult(
            Name, "× unzip-and-count", worse, 1, worse, $"≤ {ValidationFigure.Goal}", worse <= ValidationFigure.Goal,
            new Dictionary<string, double>
            {
                ["exports"] = result.Exports,
                ["megabytes"] = result.Megabytes,
                ["originalRatio"] = result.Original,
                ["cleanedRatio"] = result.Cleaned,
                ["megabytesPerSecond"] = result.MegabytesPerSecond,
                ["exportsPerSecond"] = result.ExportsPerSecond,
            });
    }
}
