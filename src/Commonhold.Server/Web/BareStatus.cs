using Commonhold.Client;

namespace Commonhold.Server.Web;

/// <summary>Gives a code to answers that the framework ended with nothing but a status.</summary>
internal static class BareStatus
{
    public static Task ExecuteAsync(HttpContext context) => new ProblemResult(context.Response.StatusCode switch
    {
        404 => new Refusal("request.not_found", "There is nothing at this address.", "/openapi/v1.json lists what there is."),
        405 => new Refusal("request.method_not_allowed", $"This address does not take {context.Request.Method}.", "/openapi/v1.json lists what it takes."),
        413 => new Refusal("request.too_large", "The request's body is larger than this address takes."),
        415 => new Refusal("request.media_type_unknown", "The body is not of a kind that this address takes.", "Send JSON as application/json."),
        504 => new Refusal("request.timed_out", "The node did not finish in time.", "Try again."),
        var status => new Refusal("request.malformed", $"The request cannot be answered (status {status})."),
    }).ExecuteAsync(context);
}
