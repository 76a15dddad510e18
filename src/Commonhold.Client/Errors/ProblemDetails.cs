namespace Commonhold.Client;

/// <summary>A refusal on the wire: RFC 9457 problem+json with our stable <c>code</c> and <c>hint</c>.</summary>
public sealed record ProblemDetails(
    string? Type = null,
    string? Title = null,
    int Status = 0,
    string? Code = null,
    string? Detail = null,
    string? Hint = null,
    IReadOnlyList<FieldProblem>? Errors = null)
{
    public const string MediaType = "application/problem+json";

    public static ProblemDetails From(Refusal refusal, int status, string title) =>
        new("about:blank", title, status, refusal.Code, refusal.Detail, refusal.Hint);

    /// <summary>A code is always there: a problem of a proxy that knows none of ours becomes <c>http.status_502</c>.</summary>
    public Refusal ToRefusal() => new(Code ?? $"http.status_{Status}", Describe(), Hint);

    private string Describe()
    {
        string detail = Detail ?? Title ?? $"The server answered {Status}.";
        return Errors is { Count: > 0 } ? $"{detail} {string.Join(" ", Errors.Select(e => $"{e.Path}: {e.Message}"))}" : detail;
    }
}

/// <summary>What is wrong with one field of a request (status 422).</summary>
public sealed record FieldProblem(string Path, string Message);
