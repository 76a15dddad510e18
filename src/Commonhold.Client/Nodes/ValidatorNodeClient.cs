using System.Globalization;
using System.Net.Http.Headers;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>The node as one validator sees it: each request for work is signed for its moment (protocol.md §5).</summary>
public sealed class ValidatorNodeClient : IValidatorNode
{
    private readonly WireHttp _wire;
    private readonly Address _validator;

    /// <param name="key">Stays the caller's; it must live as long as this client.</param>
    public ValidatorNodeClient(HttpClient http, Secp256k1Key key, Address registry, HttpLimits? limits = null, TimeProvider? time = null)
    {
        TimeProvider clock = time ?? TimeProvider.System;
        _validator = key.Address;
        _wire = new WireHttp(http, limits ?? new HttpLimits(), clock)
        {
            Decorate = request => request.Headers.Authorization = new AuthenticationHeaderValue(
                ValidatorAuthorization.Scheme, ValidatorAuthorization.Create(key, registry, clock.GetUtcNow())),
        };
    }

    public Task PublishRecipientAsync(ValidatorRecipient recipient, CancellationToken cancellationToken) =>
        _wire.SendAsync(HttpMethod.Put, $"v1/validators/{_validator}", recipient, WireJson.Default.ValidatorRecipient, cancellationToken);

    public Task<ValidatorWork> GetWorkAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        _wire.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"v1/validators/{_validator}/work?wait={(int)wait.TotalSeconds}"),
            WireJson.Default.ValidatorWork,
            cancellationToken,
            wait + _wire.Limits.RequestTimeout);

    public Task PostVerdictAsync(VerdictSubmission verdict, CancellationToken cancellationToken) =>
        _wire.SendAsync(HttpMethod.Post, "v1/verdicts", verdict, WireJson.Default.VerdictSubmission, cancellationToken);

    public Task PostBatchSignatureAsync(BatchId batchId, BatchSignature signature, CancellationToken cancellationToken) =>
        _wire.SendAsync(HttpMethod.Post, $"v1/batches/{batchId}/signatures", signature, WireJson.Default.BatchSignature, cancellationToken);
}
