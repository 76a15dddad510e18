using System.Collections.Frozen;
using System.Reflection;
using Commonhold.Client;
using Commonhold.Server.Web.Pages;
using Microsoft.AspNetCore.Http.Metadata;

namespace Commonhold.Server.Web;

/// <summary>A refusal as RFC 9457 problem+json, or as a page where a person asked. The status follows from the stable code, so that a code means one thing everywhere.</summary>
internal sealed class ProblemResult(Refusal refusal, IReadOnlyList<FieldProblem>? errors = null) : IResult, IEndpointMetadataProvider
{
    private static readonly FrozenDictionary<string, (int Status, string Title)> Known = new Dictionary<string, (int, string)>
    {
        ["request.invalid"] = (422, "The request has fields that cannot be right"),
        ["request.malformed"] = (400, "The request cannot be read"),
        ["request.too_large"] = (413, "The request is too large"),
        ["request.not_found"] = (404, "There is no such address"),
        ["request.method_not_allowed"] = (405, "The address does not take this method"),
        ["request.media_type_unknown"] = (415, "The body is of the wrong kind"),
        ["request.timed_out"] = (504, "It took too long"),
        ["request.unauthorised"] = (401, "The request is not signed by who it has to be"),
        ["request.forged"] = (403, "The request does not come from a page of this node"),
        ["request.host_unknown"] = (421, "The node does not go by this name"),
        ["session.message_invalid"] = (422, "The message cannot be read"),
        ["session.other_domain"] = (403, "The message is for another site"),
        ["session.other_chain"] = (403, "The message is for another chain"),
        ["session.expired"] = (403, "The message is too old"),
        ["session.not_yet"] = (403, "The message is of a time to come"),
        ["session.nonce_unknown"] = (403, "The nonce is not one of this node"),
        ["session.nonce_used"] = (409, "The signature was used before"),
        ["session.signature_invalid"] = (401, "The message is not signed by who it has to be"),
        ["session.contract_wallet"] = (422, "The account is a contract"),
        ["session.insecure"] = (403, "The connection is not safe"),
        ["request.rate_limited"] = (429, "Too many requests"),
        ["events.too_many"] = (503, "Too many pages listen"),
        ["storage.full"] = (507, "The node's storage is full"),
        ["chain.unavailable"] = (503, "The node cannot reach its chain"),
        ["chain.not_ready"] = (503, "The node is still reading the chain"),
        ["rewards.not_ready"] = (503, "The node lacks a manifest"),
        ["node.internal"] = (500, "The node failed"),
        ["upload.offset_mismatch"] = (409, "The upload stands elsewhere"),
        ["upload.size_conflict"] = (409, "The upload was announced with another size"),
        ["upload.busy"] = (409, "The upload is being written"),
        ["upload.too_large"] = (413, "The file is larger than this node takes"),
        ["upload.too_many_waiting"] = (429, "Too many uploads wait for a verdict"),
        ["upload.digest_mismatch"] = (422, "The bytes are not the ones that were announced"),
        ["contribution.not_uploaded"] = (409, "The file is not here yet"),
        ["contribution.digest_taken"] = (409, "This file was contributed before"),
        ["contribution.share_reused"] = (409, "This ephemeral share was used before"),
        ["contribution.too_many_waiting"] = (429, "Too many contributions wait for a verdict"),
        ["contribution.paused"] = (503, "New contributions are paused"),
        ["operator.not_signed_in"] = (401, "Sign in first"),
        ["operator.not_one"] = (403, "Only an operator may do this"),
        ["contribution.not_committed"] = (409, "The contribution is not in a batch yet"),
        ["contribution.withdrawn"] = (410, "The contribution was withdrawn"),
        ["verdict.paid_before_stale"] = (409, "The account was paid since"),
        ["verdict.conflict"] = (409, "There is another verdict already"),
        ["batch.stale"] = (409, "The batch has moved on"),
        ["blob.range_invalid"] = (416, "The file has no such range"),
        ["ceremony.epoch_unknown"] = (404, "There is no such thing here"),
        ["ceremony.conflict"] = (409, "Another message stands there already"),
        ["proposal.not_due"] = (409, "There is nothing to carry out now"),
        ["relay.limit_reached"] = (429, "The account's relays of the day are used up"),
        ["relay.unfunded"] = (503, "The relayer has no gas left"),
        ["relay.would_revert"] = (422, "The chain would refuse this"),
        ["relay.nothing_to_do"] = (409, "There is nothing to do"),
        ["purpose.too_many_waiting"] = (429, "Too many purposes wait for their requests"),
        ["trial.not_trial"] = (404, "This is not a trial"),
    }.ToFrozenDictionary();

    public static int StatusOf(string code) => Classify(code).Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (status, title) = Classify(refusal.Code);
        httpContext.Response.StatusCode = status;
        httpContext.Response.Headers.CacheControl = "no-store";
        if (IsForReader(httpContext))
        {
            Page.DropRendererHeader(httpContext.Response);
            return Page.Of<ErrorPage, ErrorModel>(new ErrorModel(refusal, status), status).ExecuteAsync(httpContext);
        }

        var problem = ProblemDetails.From(refusal, status, title) with { Errors = errors };
        return httpContext.Response.WriteAsJsonAsync(problem, Json.Options, ProblemDetails.MediaType, httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(400, typeof(ProblemDetails), [ProblemDetails.MediaType]));

    /// <summary>Whether a person waits for this answer: a page that was opened, or a form that was sent.</summary>
    private static bool IsForReader(HttpContext context) =>
        HostRule.IsForPeople(context.Request) || (context.Request.HasFormContentType && HostRule.TakesPages(context.Request));

    private static (int Status, string Title) Classify(string code) =>
        Known.TryGetValue(code, out var known) ? known
        : code.EndsWith(".unknown", StringComparison.Ordinal) ? (404, "There is no such thing here")
        : (422, "The node refuses this");
}
