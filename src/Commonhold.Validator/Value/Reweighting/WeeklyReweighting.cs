using System.Globalization;
using Commonhold.Validator.State;

namespace Commonhold.Validator.Value.Reweighting;

/// <summary>Re-weighs once a week while the policy says so, and leaves the report beside the state.</summary>
/// <remarks>Uses the state's one connection: call it where nobody else does, outside a transaction.</remarks>
internal sealed class WeeklyReweighting(ValidatorState state, ValidatorKey key, string directory, TimeProvider time)
{
    /// <param name="isOn">The policy's <c>reweighting</c>. Off: what an earlier policy had kept is forgotten.</param>
    /// <returns>The report's file when it was made now; null when nothing was due.</returns>
    public string? RunIfDue(bool isOn, CancellationToken cancellationToken = default)
    {
        if (!isOn)
        {
            if (state.Reweighting.HasAnything)
                state.Reweighting.Forget();
            return null;
        }

        var week = WeekOf(time.GetUtcNow());
        return state.Reweighting.LastWeek == week ? null : Run(week, cancellationToken);
    }

    /// <summary>Re-weighs now, due or not.</summary>
    public string Run(CancellationToken cancellationToken = default) => Run(WeekOf(time.GetUtcNow()), cancellationToken);

    private string Run(string week, CancellationToken cancellationToken)
    {
        using var transaction = state.Begin();
        var report = state.Reweighting.Reweigh(
            week, account => state.Clusters.IsProved(account) ? state.Clusters.RootOf(account) : null, key.NullifierKey.Span, cancellationToken);
        var path = Path.Combine(directory, $"reweighting-{week}.json");
        File.WriteAllBytes(path + ".part", report.ToJsonBytes());
        File.Move(path + ".part", path, overwrite: true);
        transaction.Commit();
        return path;
    }

    private static string WeekOf(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(now.UtcDateTime)}-W{ISOWeek.GetWeekOfYear(now.UtcDateTime):00}");
}
