namespace Commonhold.Benchmarks;

/// <summary>A figure that can be measured by itself.</summary>
internal interface IFigure
{
    string Name { get; }

    /// <summary>One line for the list.</summary>
    string Description { get; }

    Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken);
}
