using System.CommandLine;
using Commonhold.Client;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold withdraw DIGEST`: from that block on no guardian helps with it, and the node deletes the file.</summary>
internal static class WithdrawVerb
{
    private static readonly Argument<string> Contribution = new("CONTRIBUTION") { Description = "The contribution's digest, as `commonhold contributions` lists it." };
    private static readonly Option<string> Key = Inputs.Key();

    public static Command Create() => new Verb(
        "withdraw", "Take a contribution out of the dataset, for good. You sign; the relayer pays the gas.", "commonhold withdraw 0x5f2c…")
    {
        Contribution, Key,
    }.Runs(async (context, parse, cancellationToken) =>
    {
        var digest = Inputs.Digest(parse.GetValue(Contribution)!, "a contribution's digest");
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        using var key = session.OpenKey(parse.GetValue(Key)!);
        var proof = await session.Node.GetProofAsync(digest, cancellationToken).ConfigureAwait(false);
        if (!proof.IsValid || proof.Leaf.CiphertextDigest != digest || proof.Leaf.Owner != key.Address)
        {
            throw new Voice.CommandFailedException(new Refusal(
                "contribution.not_yours", $"Contribution {Plain.Short(digest)} belongs to {proof.Leaf.Owner}, and this key is {key.Address}.", "Name the key that contributed it: --key NAME"));
        }

        var deadline = session.Dao.ChainTime + 86_400;
        var signature = new Withdrawal(proof.BatchId, proof.Leaf.Index, proof.Leaf.Hash(), deadline).Sign(key.Account, session.Dao.RegistryDomain);
        var receipt = await session.Node.RelayWithdrawalAsync(new RelayWithdrawal(digest, deadline, signature), cancellationToken).ConfigureAwait(false);
        var transaction = await session.RelayedAsync(receipt, cancellationToken).ConfigureAwait(false);
        context.Show(new Withdrawn(digest, proof.BatchId, proof.Leaf.Index, transaction), console =>
        {
            console.MarkupLineInterpolated($"[green]Withdrawn[/]: contribution {Plain.Short(digest)} ({proof.BatchId}/{proof.Leaf.Index}), transaction {transaction}.");
            console.WriteLine("No guardian helps with it from now on, and the node deletes its file. What was opened before cannot be unread.");
        });
        return ExitCode.Ok;
    });

    private sealed record Withdrawn(Bytes32 CiphertextDigest, BatchId BatchId, uint Index, Bytes32 TransactionHash);
}
