using Commonhold.Client;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.State;
using Microsoft.Extensions.Logging;

namespace Commonhold.Validator;

/// <summary>Puts a validator together and runs it until it is told to stop: as a process of its own, or inside a trial node.</summary>
internal static class ValidatorHost
{
    /// <param name="nodeUrl">The node that it works for: its only connection, but for the hosts that <see cref="ValidatorOptions.Evidence"/> allows.</param>
    /// <param name="key">Stays the caller's.</param>
    public static async Task RunAsync(
        Uri nodeUrl, ValidatorKey key, ValidatorOptions options, ILoggerFactory logs, TimeProvider time, CancellationToken cancellationToken)
    {
        using HttpClient http = NodeClient.CreateHttp(nodeUrl);
        NodeClient node = new(http, time: time);
        ILogger log = logs.CreateLogger("Commonhold.Validator");
        DaoInfo dao = await FirstContactAsync(node, options, time, log, cancellationToken).ConfigureAwait(false);
        ValidatorNodeClient desk = new(http, key.Account, dao.Contracts.Registry, time: time);
        using ValidatorState state = ValidatorState.Open(options.StateDirectory);
        using OwnershipProofs proofs = new(options.Evidence, key.NullifierKey, options.ExportLimits, time);
        using ValidatorProcess process = new(node, desk, key, state, new OwnershipLadder(proofs.All), options, time, logs.CreateLogger<ValidatorProcess>());
        await process.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for the node to be up and to have a DAO, for as long as it takes.</summary>
    private static async Task<DaoInfo> FirstContactAsync(
        NodeClient node, ValidatorOptions options, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await node.GetDaoAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (CommonholdException e)
            {
                log.LogWarning("The node is not ready: {Code}: {Reason}", e.Refusal?.Code ?? "failed", e.Message);
                await Task.Delay(options.PauseAfterFailure, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
