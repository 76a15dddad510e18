using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using Commonhold.Cli.Keys;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Cli.Creation;

/// <summary>Creates a DAO from this home: makes the one-purpose key, deploys, writes `dao.json`, destroys the key.</summary>
/// <remarks>Guarantee: killed at any moment and started again it ends with one DAO, because settings and key are on disk before the first
/// transaction and the account's nonce says how far it came. What is left of the gas money goes where <see cref="CreationJournal.RefundTo"/> says.
/// The key file is overwritten and deleted; a disk may still hold old blocks, but the key has no powers by then.</remarks>
internal sealed class CreationDesk(CommonholdHome home, EthereumNode node, TimeProvider time)
{
    private const ulong TransferGas = 60_000;
    private static readonly JsonSerializerOptions Options = new(WireJson.Default.Options)
    {
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    private string Folder => Path.Combine(home.Root, "creation");

    private string JournalFile => Path.Combine(Folder, "creation.json");

    private string KeyFile => Path.Combine(Folder, "deployer.age");

    public CreationJournal? Unfinished => File.Exists(JournalFile)
        ? JsonSerializer.Deserialize<CreationJournal>(File.ReadAllBytes(JournalFile), Options)
        : null;

    /// <summary>Writes down what will be created, before anything happens.</summary>
    public async Task<CreationJournal> BeginAsync(DaoSettings settings, Address? refundTo, CancellationToken cancellationToken)
    {
        if (settings.Check() is { } refusal)
            throw new CommandFailedException(refusal);
        CommonholdHome.Private(Folder);
        using var key = File.Exists(KeyFile) ? OpenKey() : NewKey();
        var journal = new CreationJournal(
            settings, await node.ChainIdAsync(cancellationToken).ConfigureAwait(false),
            await node.BlockNumberAsync(cancellationToken).ConfigureAwait(false), key.Address, refundTo);
        PrivateFile.Replace(JournalFile, JsonSerializer.SerializeToUtf8Bytes(journal, Options));
        return journal;
    }

    /// <param name="fund">Gets coins to the key when it has too few; false when that takes somebody else.</param>
    /// <exception cref="CommandFailedException">The key needs money first; everything is kept for the next call.</exception>
    public async Task<DaoFile> FinishAsync(
        CreationJournal journal, Func<Address, Wei, Task<bool>> fund, IProgress<Deployment>? progress, CancellationToken cancellationToken)
    {
        if (await node.ChainIdAsync(cancellationToken).ConfigureAwait(false) is var chainId && chainId != journal.ChainId)
            throw new CommandFailedException($"this creation began on chain {journal.ChainId}, and the chain node is on {chainId}");
        using var key = OpenKey();
        var creator = new DaoCreator(node, time);
        if (await node.TransactionCountAsync(key.Address, BlockReference.Latest, cancellationToken).ConfigureAwait(false) == 0)
            await RequireFundsAsync(creator, journal, fund, cancellationToken).ConfigureAwait(false);

        var contracts = await creator.CreateAsync(journal.Settings, key.Account, progress, cancellationToken).ConfigureAwait(false);
        await SendLeftoverAsync(key.Account, journal.RefundTo ?? contracts.Timelock, cancellationToken).ConfigureAwait(false);
        var dao = new DaoFile(journal.ChainId, journal.FirstBlock, contracts, journal.Settings);
        await dao.WriteAsync(home.DaoFile, cancellationToken).ConfigureAwait(false);
        Destroy(KeyFile);
        Destroy(Passphrases.FileBeside(KeyFile));
        File.Delete(JournalFile);
        return dao;
    }

    private async Task RequireFundsAsync(
        DaoCreator creator, CreationJournal journal, Func<Address, Wei, Task<bool>> fund, CancellationToken cancellationToken)
    {
        var price = await creator.PriceAsync(journal.Settings, journal.Deployer, cancellationToken).ConfigureAwait(false);
        var balance = await node.BalanceAsync(journal.Deployer, BlockReference.Latest, cancellationToken).ConfigureAwait(false);
        if (balance < price.Value && !await fund(journal.Deployer, price).ConfigureAwait(false))
            throw new CommandFailedException(
                $"the creation account {journal.Deployer} has {new Wei(balance).ToUnits(18)} coins and may need {price.ToUnits(18)}",
                "send that there, then run the same command again; what is left over comes back", ExitCode.Unavailable);
    }

    private async Task SendLeftoverAsync(Secp256k1Key key, Address to, CancellationToken cancellationToken)
    {
        var balance = await node.BalanceAsync(key.Address, BlockReference.Latest, cancellationToken).ConfigureAwait(false);
        var fees = await node.SuggestFeesAsync(cancellationToken).ConfigureAwait(false);
        var rest = balance - (fees.MaxFeePerGas * TransferGas);
        if (rest <= BigInteger.Zero)
            return;
        using var sender = new TransactionSender(node, key, time: time);
        await sender.SendAsync(new TransactionRequest(to, ReadOnlyMemory<byte>.Empty) { ValueWei = rest, GasLimit = TransferGas }, cancellationToken).ConfigureAwait(false);
    }

    private MemberKey NewKey()
    {
        var key = MemberKey.Generate();
        key.Save(KeyFile, Passphrases.Generated(KeyFile), Passphrases.WorkFactorOfGenerated);
        return key;
    }

    private MemberKey OpenKey() => MemberKey.Load(KeyFile, Passphrases.Ask(KeyFile));

    private static void Destroy(string file)
    {
        var length = (int)new FileInfo(file).Length;
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write))
        {
            stream.Write(RandomNumberGenerator.GetBytes(length));
            stream.Flush(flushToDisk: true);
        }

        File.Delete(file);
    }
}

/// <summary>A creation under way, as it stands in `creation/creation.json`.</summary>
/// <param name="RefundTo">Where left-over gas money goes; null for the DAO's timelock.</param>
internal sealed record CreationJournal(DaoSettings Settings, ulong ChainId, ulong FirstBlock, Address Deployer, Address? RefundTo = null);
