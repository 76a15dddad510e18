using Commonhold.Client;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Web;

/// <summary>From what an entry class returned to what goes on the wire.</summary>
internal static class ResultExtensions
{
    public static Results<Ok<T>, ProblemResult> ToOk<T>(this Result<T> result) where T : notnull =>
        result.TryGet(out var value, out var refusal) ? TypedResults.Ok(value) : new ProblemResult(refusal);

    public static Results<Accepted<T>, ProblemResult> ToAccepted<T>(this Result<T> result, Func<T, string> location) where T : notnull =>
        result.TryGet(out var value, out var refusal) ? TypedResults.Accepted(location(value), value) : new ProblemResult(refusal);

    public static Results<Ok<T>, ProblemResult> ToOk<T>(this T? value, Refusal otherwise) where T : class =>
        value is null ? new ProblemResult(otherwise) : TypedResults.Ok(value);
}
