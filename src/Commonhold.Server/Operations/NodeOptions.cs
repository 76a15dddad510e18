using System.Net;
using Commonhold.Ethereum;

namespace Commonhold.Server.Operations;

/// <summary>What a composer tells the node; everything has a default but where it lives and which DAO it serves.</summary>
internal sealed record NodeOptions
{
    /// <summary>Folder for the database, the blobs and the lock; made with owner-only rights.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>JSON-RPC endpoint of the chain, over HTTP.</summary>
    public required Uri Rpc { get; init; }

    /// <summary>Address of the DataDao contract, from which all others are found.</summary>
    public required Address Dao { get; init; }

    /// <summary>The DAO's name as it is shown; its keccak256 has to be the deed's.</summary>
    public required string Name { get; init; }

    /// <summary>First block to read logs from; the block that deployed the DAO or any before it. Default 0.</summary>
    public long DeployBlock { get; init; }

    /// <summary>Where to listen. Default: loopback, a free port.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The URL that people use when a proxy stands in front. Default: none, and people use http://localhost with the port it listens on.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Further names that programs may use, such as the node's name inside a private network. Default: none.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>The chain endpoint that people's browsers read, to check what this node says. Default: none, and pages say that nothing was checked.</summary>
    public Uri? PublicRpc { get; init; }

    /// <summary>Name of the schema whose digest the DAO was created with, e.g. <c>reddit-export-v1</c>.</summary>
    public string SchemaName { get; init; } = "reddit-export-v1";

    /// <summary>Policy documents that the node begins with; it learns those of later votes from who proposes them.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Policies { get; init; } = [];

    /// <summary>Where the guardians answer, by position in the registry; told to clients in <c>/v1/dao</c>.</summary>
    public IReadOnlyList<Uri> GuardianUrls { get; init; } = [];

    /// <summary>Origins that browsers may call from. Default: none.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Contracts of currencies that are money here before a vote has let one in, by approving a grant that pays in it. Default: none.</summary>
    public IReadOnlyList<Address> Currencies { get; init; } = [];

    /// <summary>The same with a trial's test currency.</summary>
    public IEnumerable<Address> Listed => Trial?.Currency is { } test ? Currencies.Prepend(test) : Currencies;

    public BatchingOptions Batching { get; init; } = new();

    public LimitOptions Limits { get; init; } = new();

    public IndexingOptions Indexing { get; init; } = new();

    public RelayOptions Relay { get; init; } = new();

    public ReleaseOptions Releases { get; init; } = new();

    /// <summary>Page of a transaction at a block explorer, with <c>{0}</c> where its hash goes. Default: none, and pages show the hash alone.</summary>
    public string? TransactionPage { get; init; }

    /// <summary>Set on an embedded chain only: everything says "trial" and the faucet is open.</summary>
    public TrialOptions? Trial { get; init; }

    /// <summary>Write JSON log lines to standard error. Default on; a composer with its own screen turns it off.</summary>
    public bool LogToStandardError { get; init; } = true;
}

internal sealed record BatchingOptions
{
    /// <summary>A batch is proposed when this many accepted contributions wait. Default 1,000, also the most one batch holds.</summary>
    public int MaxCount { get; init; } = 1000;

    /// <summary>… or when the oldest has waited this long. Default ten minutes.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(10);
}

internal sealed record LimitOptions
{
    /// <summary>Largest age file, in bytes. Default 2 GiB.</summary>
    public long MaxContributionBytes { get; init; } = 2L << 30;

    /// <summary>Largest JSON request, in bytes. Default 256 KiB. A contribution may be longer by its evidence, a verdict by its explanation.</summary>
    public long MaxJsonBytes { get; init; } = 256 << 10;

    /// <summary>Free bytes that uploads may not use, kept for the database and the journal. Default 256 MiB.</summary>
    public long ReservedBytes { get; init; } = 256L << 20;

    /// <summary>Uploads that nobody touched for this long are removed. Default two days.</summary>
    public TimeSpan UploadLifetime { get; init; } = TimeSpan.FromDays(2);

    /// <summary>Anonymous requests that write, per client address and minute. Default 600.</summary>
    public int WritesPerMinute { get; init; } = 600;

    /// <summary>Uploads from one client address that may be under way or wait for a verdict at once. Default 1,000.</summary>
    public int WaitingPerCaller { get; init; } = 1000;

    /// <summary>Reads that ask the chain many times or build a whole tree, per client address and minute. Default 300.</summary>
    public int CostlyReadsPerMinute { get; init; } = 300;

    /// <summary>Connections that one client address holds at once; 0 for no limit, which is also what holds behind a proxy, whose address all share. Default 400.</summary>
    public int ConnectionsPerCaller { get; init; } = 400;

    /// <summary>Contributions of one owner that may wait for a verdict at once. Default 20.</summary>
    public int WaitingPerOwner { get; init; } = 20;
}

internal sealed record IndexingOptions
{
    /// <summary>How often the chain is asked for a new head. Default one second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most blocks asked for at once; halved when the endpoint refuses. Default 10,000.</summary>
    public int MaxBlockRange { get; init; } = 10_000;
}

internal sealed record ReleaseOptions
{
    /// <summary>How often each guardian is asked for new lines of its log. Default five seconds.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A guardian that does not answer is asked less and less often, at least so often. Default one minute.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For one answer, at most a thousand lines. Default 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}

internal sealed record RelayOptions
{
    /// <summary>Operations one account may have relayed in 24 hours. Default 100.</summary>
    public int PerAccountAndDay { get; init; } = 100;

    /// <summary>Transactions waiting for a receipt at once. Default 16.</summary>
    public int MaxInFlight { get; init; } = 16;

    /// <summary>A transaction without a receipt after this time is sent again with higher fees. Default one minute.</summary>
    public TimeSpan BumpAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Most accounts in one relayed claim. Default 100.</summary>
    public int MaxAccountsPerClaim { get; init; } = 100;

    /// <summary>What one relayed transaction may take at most.</summary>
    public RelayGas Gas { get; init; } = new();
}

/// <summary>The most gas that the relayer spends on one transaction of each kind; no transaction is sent with a higher limit.</summary>
/// <remarks>Contracts of strangers run inside some of them: a coin's transfer, the calls of a proposal. Defaults are two to five times what was
/// measured (docs/gas.md), for coins behind proxies and for larger trees.</remarks>
internal sealed record RelayGas
{
    /// <summary>A batch on chain, whatever its size. Measured 111,488 with two signatures. Default 600,000.</summary>
    public ulong Commit { get; init; } = 600_000;

    /// <summary>A claim of rewards, for each account in it. Measured at most 246,525. Default 500,000.</summary>
    public ulong ClaimPerAccount { get; init; } = 500_000;

    /// <summary>Measured 64,218. Default 200,000.</summary>
    public ulong Withdrawal { get; init; } = 200_000;

    /// <summary>A claim of revenue, of one distribution: it runs the currency's own transfer. Measured 94,826. Default 300,000.</summary>
    public ulong RevenueClaim { get; init; } = 300_000;

    /// <summary>For each further distribution in the same claim. Measured 8,586. Default 15,000.</summary>
    public ulong RevenueClaimFurther { get; init; } = 15_000;

    /// <summary>A vote by signature, with the longest reason. Measured 117,123 without one. Default 400,000.</summary>
    public ulong Vote { get; init; } = 400_000;

    /// <summary>Votes handed to another by signature. Default 300,000.</summary>
    public ulong Delegation { get; init; } = 300_000;

    /// <summary>A proposal put into the waiting time, or carried out: it runs the proposal's own calls. Default 3,000,000.</summary>
    public ulong CarryOut { get; init; } = 3_000_000;

    /// <summary>A trial's gift. Default 150,000.</summary>
    public ulong Faucet { get; init; } = 150_000;
}

internal sealed record TrialOptions
{
    /// <summary>The test ERC-20 of the embedded chain, if there is one.</summary>
    public Address? Currency { get; init; }

    /// <summary>Wei given by one visit to the faucet. Default 10^18.</summary>
    public UInt128 GasAmount { get; init; } = 1_000_000_000_000_000_000;

    /// <summary>Base units of the test currency given by one visit. Default 10,000 whole ones (it has six decimals).</summary>
    public UInt128 CurrencyAmount { get; init; } = 10_000_000_000;
}
