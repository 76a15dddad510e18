using Commonhold.Cli.Embedded;
using Commonhold.Cli.Keys;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Cli.Verbs;

/// <summary>What a verb needs to act for a person: the node, the chain, the person's key.</summary>
/// <remarks>Trust: with a chain node (given, or the embedded one) the Commonhold node's word about the DAO is compared with the chain before
/// anything is signed; without one the verbs that only read or upload still work, and those that pay or open refuse.</remarks>
internal sealed class Session : IDisposable
{
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    private readonly CliContext _context;
    private readonly HttpClient _http;
    private readonly HttpClient _rpc = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly EthereumNode? _chain;

    private Session(CliContext context, NodeFile? embedded)
    {
        _context = context;
        Embedded = embedded;
        _http = NodeClient.CreateHttp(embedded?.Node ?? context.Node);
        Node = new NodeClient(_http, time: context.Time);
        if ((context.Rpc ?? embedded?.Rpc) is { } rpc)
            _chain = new EthereumNode(new JsonRpcClient(_rpc, rpc, time: context.Time), DaoErrors.All);
    }

    public NodeClient Node { get; }

    public DaoInfo Dao { get; private set; } = null!;

    /// <summary>The node that runs from this home, if one does and no other was named.</summary>
    public NodeFile? Embedded { get; }

    public EthereumNode Chain => _chain
        ?? throw new CommandFailedException("this needs a chain node of your own choosing", "--rpc URL", ExitCode.Usage);

    public ChainView? View => _chain is null ? null : new ChainView(_chain, Dao.Contracts.Dao);

    public static async Task<Session> OpenAsync(CliContext context, CancellationToken cancellationToken)
    {
        var running = context.IsNodeGiven ? null : await NodeFile.ReadAsync(context.Home, cancellationToken).ConfigureAwait(false);
        var session = new Session(context, running);
        try
        {
            session.Dao = await session.Node.GetDaoAsync(cancellationToken).ConfigureAwait(false);
            if (session.View is { } view && await view.CheckAsync(session.Dao, cancellationToken).ConfigureAwait(false) is { } refusal)
                throw new CommandFailedException(refusal);
            if (session.Dao.Trial)
                context.Error.WriteLine($"Trial DAO “{Plain.Text(session.Dao.Name)}”: votes take about a minute; no place for anything of value.");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public MemberKey OpenKey(string name) => new KeyRing(_context.Home.Keys).Open(name);

    public Task<T> ReadAsync<T>(ContractCall<T> call, CancellationToken cancellationToken) => Chain.ReadAsync(call, BlockReference.Latest, cancellationToken);

    /// <summary>Chain time: what deadlines and votes go by.</summary>
    public async Task<ulong> NowAsync(CancellationToken cancellationToken) =>
        (await Chain.BlockAsync(BlockReference.Latest, cancellationToken).ConfigureAwait(false))?.Timestamp ?? Dao.ChainTime;

    /// <summary>Sends a transaction from the person's own account and waits until it is mined.</summary>
    public async Task<TransactionReceipt> SendAsync(MemberKey person, ContractCall call, CancellationToken cancellationToken)
    {
        if (await Chain.BalanceAsync(person.Address, BlockReference.Latest, cancellationToken).ConfigureAwait(false) == 0)
            throw new CommandFailedException($"account {person.Address} has no coins for gas", Dao.Trial ? "commonhold faucet" : "send it some");
        using var sender = new TransactionSender(Chain, person.Account, new TransactionSenderOptions { PollInterval = Poll }, _context.Time);
        var receipt = await sender.SendAsync(new TransactionRequest(call.To, call.Data), cancellationToken).ConfigureAwait(false);
        await ShownAsync(receipt.BlockNumber, cancellationToken).ConfigureAwait(false);
        return receipt;
    }

    /// <summary>Waits until the relayer's transaction is mined.</summary>
    public async Task<Bytes32> RelayedAsync(RelayReceipt receipt, CancellationToken cancellationToken)
    {
        var transaction = await Node.WaitForRelayAsync(receipt.Id, Poll, _context.Time, cancellationToken).ConfigureAwait(false);
        if (_chain is not null && await _chain.ReceiptAsync(transaction, cancellationToken).ConfigureAwait(false) is { } mined)
            await ShownAsync(mined.BlockNumber, cancellationToken).ConfigureAwait(false);
        return transaction;
    }

    /// <summary>What somebody just did is there when they look: waits, not for long, until the node's tables have that block.</summary>
    private async Task ShownAsync(ulong block, CancellationToken cancellationToken)
    {
        for (var patience = 0; patience < 80 && (await Node.GetDaoAsync(cancellationToken).ConfigureAwait(false)).Head < block; patience++)
            await Task.Delay(Poll, _context.Time, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _http.Dispose();
        _rpc.Dispose();
    }
}
