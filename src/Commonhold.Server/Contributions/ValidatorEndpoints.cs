using System.Text.Json;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Contributions;

internal static class ValidatorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, NodeOptions options)
    {
        routes.MapPut("/v1/validators/{address}", PublishAsync).WithTags("validators").RequireRateLimiting(RateLimits.Writes)
            .WithSummary("Publishes where tickets for a validator go, signed by its key.");
        routes.MapGet("/v1/validators/{address}/work", WorkAsync).WithTags("validators").WithSummary("Waits for contributions to judge and batches to sign.");
        routes.MapPost("/v1/verdicts", JudgeAsync).WithTags("validators").WithMetadata(new BodyLimit(options.Limits.MaxJsonBytes + BodyLimit.Base64(ValueExplanation.MaxBytes))).WithSummary("Hands in a signed verdict.");
        routes.MapPost("/v1/batches/{id}/signatures", SignAsync).WithTags("validators").WithSummary("Hands in a signature under the open batch.");
    }

    private static async Task<Results<NoContent, ProblemResult>> PublishAsync(
        Address address, ValidatorRecipient recipient, HttpContext context, Dao dao, ValidatorRecipients recipients, TimeProvider time, CancellationToken cancellationToken)
    {
        // The signature under a recipient has no date: who saw an earlier one must not be able to bring it back.
        if (!IsFrom(address, context, dao, time))
            return new ProblemResult(Unauthorised(address));
        return await recipients.PublishAsync(address, recipient, cancellationToken) is { } refusal ? new ProblemResult(refusal) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ValidatorWork>, ProblemResult>> WorkAsync(
        Address address, int? wait, HttpContext context, Dao dao, ValidatorDesk desk, IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!IsFrom(address, context, dao, time))
            return new ProblemResult(Unauthorised(address));
        // A node that is told to stop does not wait for those who wait for it.
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            return (await desk.WaitForWorkAsync(address, TimeSpan.FromSeconds(Math.Clamp(wait ?? 0, 0, 30)), both.Token)).ToOk();
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return TypedResults.Ok(new ValidatorWork([], []));
        }
    }

    private static bool IsFrom(Address validator, HttpContext context, Dao dao, TimeProvider time)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var parameter = header.StartsWith(ValidatorAuthorization.Scheme + " ", StringComparison.Ordinal) ? header[(ValidatorAuthorization.Scheme.Length + 1)..] : null;
        return ValidatorAuthorization.TryVerify(parameter, dao.Addresses.Registry, time.GetUtcNow(), out var signer) && signer == validator;
    }

    private static Refusal Unauthorised(Address validator) => new("request.unauthorised", $"The request is not signed by {validator} within two minutes of now.",
        "Authorization: Commonhold <validator>:<unix>:<signature>; compare the clocks.");

    private static async Task<Results<Ok<ContributionStatus>, ProblemResult>> JudgeAsync(
        VerdictSubmission verdict, ValidatorDesk desk, CancellationToken cancellationToken) => (await desk.SubmitAsync(verdict, cancellationToken)).ToOk();

    private static async Task<Results<NoContent, ProblemResult>> SignAsync(
        long id, BatchSignature signature, ValidatorDesk desk, CancellationToken cancellationToken) =>
        (await desk.SubmitAsync(new BatchId((ulong)id), signature, cancellationToken)).Refusal is { } refusal ? new ProblemResult(refusal) : TypedResults.NoContent();
}

/// <summary>Where tickets for each validator go, as the validators themselves signed it; kept in storage.</summary>
internal sealed class ValidatorRecipients(Dao dao, ChainState chain, IBlobStore store)
{
    public async Task<Refusal?> PublishAsync(Address validator, ValidatorRecipient recipient, CancellationToken cancellationToken)
    {
        if (!chain.Read().TryGet(out var snapshot, out var notReady))
            return notReady;
        if (!snapshot.IsValidator(validator))
            return new Refusal("validator.unknown", $"{validator} is no validator of this dataset.");
        if (X25519Recipient.TryParse(recipient.Recipient) is null)
            return new Refusal("validator.recipient_invalid", "The recipient is not an age1… string.");
        if (!new ValidatorInfo(validator, recipient.Recipient, recipient.Signature).HasValidRecipient(dao.Addresses.Registry))
            return new Refusal("validator.signature_invalid", $"The recipient is not signed by {validator} for this registry.");
        await store.WriteAsync(NameOf(validator), JsonSerializer.SerializeToUtf8Bytes(recipient, Json.Options), cancellationToken);
        return null;
    }

    public async Task<IReadOnlyList<ValidatorInfo>> OfAsync(IReadOnlyList<Address> validators, CancellationToken cancellationToken)
    {
        var found = new List<ValidatorInfo>(validators.Count);
        foreach (var validator in validators)
        {
            await using var stream = await store.OpenAsync(NameOf(validator), cancellationToken);
            var recipient = stream is null ? null : await JsonSerializer.DeserializeAsync<ValidatorRecipient>(stream, Json.Options, cancellationToken);
            found.Add(new ValidatorInfo(validator, recipient?.Recipient, recipient?.Signature));
        }

        return found;
    }

    private static BlobName NameOf(Address validator) => BlobName.Parse($"validators/{validator.ToLowerString()}.json");
}
