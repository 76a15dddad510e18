using System.Globalization;
using Commonhold.Client;

namespace Commonhold.Guardians.Release;

/// <summary>The release rule, as far as it concerns the grant: says why not, or null.</summary>
/// <remarks>Pure: what it decides on was read from the chain at one block. A stage that it does not know is a refusal.</remarks>
internal static class GrantGate
{
    /// <param name="now">Chain time, Unix seconds.</param>
    /// <param name="batchCount">Batches on chain at the block.</param>
    public static Refusal? Check(ReleaseRequest request, GrantReading grant, ulong now, ulong batchCount) =>
        Stage(request.GrantId, grant)
        ?? Terms(request, grant)
        ?? Time(request.GrantId, grant, now)
        ?? Scope(request, batchCount)
        ?? Worker(request.Terms, grant);

    private static Refusal? Stage(GrantId id, GrantReading grant) => grant.Stage switch
    {
        GrantStage.Granted => null,
        GrantStage.None => new Refusal(
            ReleaseCodes.GrantUnknown, $"There is no request {id} on chain.", "Mind the guardian's finality: a new request takes a while to be seen."),
        GrantStage.Requested => new Refusal(
            ReleaseCodes.GrantNotExecuted, $"Request {id} is not granted yet.", "It becomes a grant when the vote is executed."),
        GrantStage.Refunded => new Refusal(
            ReleaseCodes.GrantNotExecuted, $"Request {id} was refunded and never became a grant.", "Make a new request."),
        GrantStage.Revoked => new Refusal(
            ReleaseCodes.GrantRevoked, $"Grant {id} was revoked by the DAO.", "The unearned part of a rent can be taken back."),
        _ => new Refusal(
            ReleaseCodes.GrantUnknown, $"The chain has grant {id} in a state that this guardian does not know.", "The guardian needs a newer program."),
    };

    // The recipient is one of the terms, so another recipient is another hash.
    private static Refusal? Terms(ReleaseRequest request, GrantReading grant)
    {
        var hash = request.Terms.Hash();
        return hash == grant.TermsHash ? null : new Refusal(
            ReleaseCodes.GrantTermsMismatch,
            $"The terms given hash to {hash}; grant {request.GrantId} was made for {grant.TermsHash}.",
            "Send the terms of the request exactly as they were emitted, the recipient among them.");
    }

    private static Refusal? Time(GrantId id, GrantReading grant, ulong now) =>
        now < grant.EndsAt ? null : new Refusal(
            ReleaseCodes.GrantExpired, $"Grant {id} ended at {Utc(grant.EndsAt)}.", $"Ask for a renewal: commonhold request renew {id}");

    private static Refusal? Scope(ReleaseRequest request, ulong batchCount) =>
        request.Terms.Covers(request.BatchId) && request.BatchId.Value < batchCount ? null : new Refusal(
            ReleaseCodes.GrantOutOfScope,
            $"Grant {request.GrantId} covers the batches before {Math.Min(request.Terms.Scope, batchCount)}, not batch {request.BatchId}.",
            "Newer batches need a new request.");

    private static Refusal? Worker(GrantTerms terms, GrantReading grant) =>
        terms.Mode == GrantMode.Raw || grant.WorkerApproved ? null : new Refusal(
            ReleaseCodes.WorkerUnapproved, $"The recipient {terms.Recipient} is not an approved worker's key.",
            "Modes other than raw open to a worker whose key was approved by vote.");

    private static string Utc(ulong seconds) => seconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        ? DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)
        : $"second {seconds}";
}
