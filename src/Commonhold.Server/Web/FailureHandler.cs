using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;

namespace Commonhold.Server.Web;

/// <summary>Turns what was thrown into problem+json: the reader's mistakes with their place, the world's failures with a code, ours with nothing but a code.</summary>
internal sealed class FailureHandler(ILogger<FailureHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException or IOException && httpContext.RequestAborted.IsCancellationRequested)
            return true; // Nobody is there to read an answer.
        var (refusal, errors) = Describe(exception);
        if (refusal.Code == "node.internal")
            log.LogError(exception, "{Method} {Path} failed.", httpContext.Request.Method, httpContext.Request.Path);
        else if (ProblemResult.StatusOf(refusal.Code) >= 500)
            log.LogWarning("{Method} {Path}: {Code}: {Reason}", httpContext.Request.Method, httpContext.Request.Path, refusal.Code, exception.Message);
        await new ProblemResult(refusal, errors).ExecuteAsync(httpContext);
        return true;
    }

    private static (Refusal, IReadOnlyList<FieldProblem>?) Describe(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => Invalid(json),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            (new Refusal("request.too_large", "The request's body is larger than this address takes."), null),
        BadHttpRequestException bad when bad.Message.Contains("bind parameter", StringComparison.Ordinal) =>
            (new Refusal("request.invalid", "A part of the address or the query cannot be read.", "Digests are 0x and 64 digits, accounts 0x and 40."),
                [new FieldProblem(ParameterOf(bad.Message), "cannot be read")]),
        BadHttpRequestException { InnerException: AntiforgeryValidationException } => (FormTokens.Forged, null),
        BadHttpRequestException bad => (new Refusal("request.malformed", bad.Message), null),
        StorageFullException => (StorageFullException.Refusal, null),
        IOException io when DurableFile.IsFull(io) => (StorageFullException.Refusal, null),
        _ when Database.IsFull(exception) => (StorageFullException.Refusal, null),
        EthereumException { IsTransient: true } => (new Refusal("chain.unavailable", "The chain's endpoint did not answer.", "Try again in a minute."), null),
        CommonholdException { Refusal: { } refusal } => (refusal, null),
        _ => (new Refusal("node.internal", "Something failed inside the node; its log says what."), null),
    };

    private static (Refusal, IReadOnlyList<FieldProblem>) Invalid(JsonException json)
    {
        var path = json.Path is { Length: > 2 } text ? text[2..] : "";
        // The serializer's own sentences name .NET types; a reader needs the place and our converters' sentence.
        var message = json.Message.Split(" Path: ")[0];
        return (new Refusal("request.invalid", path.Length == 0 ? $"The body is not what this address takes: {message}" : $"The field '{path}' cannot be read.",
            "/openapi/v1.json describes every field."), [new FieldProblem(path, message)]);
    }

    private static string ParameterOf(string message) =>
        message.Split('"') is [_, var declaration, ..] ? declaration.Split(' ')[^1] : "";
}
