using System.Globalization;
using Commonhold.Client;

namespace Commonhold.Validator.Verdicts;

/// <summary>The checks of one contribution, as they go into its report.</summary>
internal sealed class CheckList
{
    private readonly List<CheckResult> _results = [];

    public IReadOnlyList<CheckResult> Results => _results;

    public void Pass(string name, string reason, params IEnumerable<(string Name, long Value)> figures) =>
        _results.Add(new CheckResult(name, CheckOutcome.Passed, reason, Figures(figures)));

    public void Skip(string name, string reason) => _results.Add(new CheckResult(name, CheckOutcome.NotChecked, reason));

    public Refusal Fail(string name, Refusal refusal, params IEnumerable<(string Name, long Value)> figures)
    {
        _results.Add(new CheckResult(name, CheckOutcome.Failed, $"{refusal.Code}: {refusal.Detail}", Figures(figures)));
        return refusal;
    }

    public void Add(IEnumerable<CheckResult> results) => _results.AddRange(results);

    private static Dictionary<string, string>? Figures(IEnumerable<(string Name, long Value)> figures)
    {
        Dictionary<string, string> written = figures.ToDictionary(f => f.Name, f => f.Value.ToString(CultureInfo.InvariantCulture));
        return written.Count == 0 ? null : written;
    }
}
