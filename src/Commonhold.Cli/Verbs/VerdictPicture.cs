using System.Globalization;
using Commonhold.Client;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>A verdict for a person: the four results in plain words, then what each part of the file earned.</summary>
internal static class VerdictPicture
{
    private const int MostCells = 20;

    public static void Draw(IAnsiConsole console, Report report)
    {
        foreach (var (name, finding) in report.Findings.Named)
        {
            console.WriteLine($"  {Word(finding.Outcome)}  {name}: {Plain.Text(finding.Reason)}");
            if (finding.Outcome != CheckOutcome.Passed)
                continue;
            console.WriteLine($"               proves: {Plain.Text(finding.Proves)}");
            console.WriteLine($"               does not prove: {Plain.Text(finding.DoesNotProve)}");
        }

        console.WriteLine($"  evidence: {report.Level.Name()}; judged by the policy {report.PolicyDigest}");
    }

    public static void DrawChecks(IAnsiConsole console, Report report)
    {
        foreach (var check in report.Checks)
            console.WriteLine($"    {Word(check.Outcome)}  {Plain.Text(check.Name)}: {Plain.Text(check.Reason)}");
    }

    public static void Draw(IAnsiConsole console, ValueExplanation explanation)
    {
        console.WriteLine($"  What earned it, for your eyes only ({explanation.WeightPermille / 10.0:0.#} % for the evidence '{explanation.Level.Name()}'):");
        foreach (var cell in explanation.Cells.Take(MostCells))
            console.WriteLine($"    {Line(cell)}");
        var hidden = explanation.Cells.Skip(MostCells).Aggregate(explanation.OtherPoints.Value, (sum, cell) => sum + cell.Points.Value);
        var count = (uint)Math.Max(0, explanation.Cells.Count - MostCells) + explanation.OtherCells;
        if (count > 0)
            console.WriteLine($"    and {count.ToString("N0", CultureInfo.InvariantCulture)} smaller parts: {Plain.Tokens(new Points(hidden))} tokens");
    }

    /// <summary><c>47 comments in r/example, 2019-Q1: 3.2 tokens</c></summary>
    private static string Line(ExplainedCell cell)
    {
        var place = cell.Place.Length == 0 ? "" : $" in {Plain.Text(cell.Place)}";
        var quarter = cell.Quarter.Length == 0 ? "" : $", {cell.Quarter}";
        return $"{cell.NewRows.ToString("N0", CultureInfo.InvariantCulture)} {Plain.Text(cell.Kind.Replace('_', ' '))}{place}{quarter}: {Plain.Tokens(cell.Points)} tokens";
    }

    private static string Word(CheckOutcome outcome) =>
        outcome switch { CheckOutcome.Passed => "passed     ", CheckOutcome.Failed => "failed     ", _ => "not checked" };
}
