using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Relay;
using Commonhold.Server.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commonhold.Tests.Server;

public sealed class RelaySenderTests : IDisposable
{
    private static readonly FeeSuggestion Fees = new(1, 2);

    private readonly ScratchFolder _scratch = new();
    private readonly Database _database;
    private readonly Secp256k1Key _key = Secp256k1Key.Generate();

    public RelaySenderTests() => _database = new Database(_scratch["node.db"]);

    public void Dispose()
    {
        _database.Dispose();
        _key.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task A_transaction_mined_between_two_looks_is_not_taken_for_lost()
    {
        // The first of two transactions for one vote is mined right after its receipt was asked for in vain. Simulated again,
        // the vote would be refused (its nonce is used) and be called failed, though it counts.
        var chain = new Chain();
        var (sender, ledger) = await SetUpAsync(chain);
        var first = Sign(fee: 2);
        var dearer = Sign(fee: 4);
        await ledger.RecordAsync("vote-1", first, Fees, 21_000, default);
        await ledger.RecordAsync("vote-1", dearer, Fees, 21_000, default);
        chain.MinedAfterLooks = (first.Hash, 2);

        await sender.StepAsync(_key, default);
        await sender.StepAsync(_key, default);

        Assert.Equal("mined", await _database.FindAsync<string>("SELECT state FROM relay_operations", null, default));
        Assert.Equal(0, chain.Estimates);
    }

    private SignedTransaction Sign(int fee) =>
        new Eip1559Transaction(1, 0, 1, fee, 21_000, Address.FromSpan(new byte[20]), 0, default).Sign(_key);

    private async Task<(RelaySender Sender, RelayLedger Ledger)> SetUpAsync(Chain chain)
    {
        await new Migrator(_database).RunAsync(default);
        await _database.ExecuteAsync("""
            INSERT INTO relay_operations (id, kind, target, calldata, value, state, created_at, updated_at)
            VALUES ('vote-1', 'vote', '0x0000000000000000000000000000000000000000', '0x', '0', 'queued', 0, 0)
            """, null, default);
        var node = new EthereumNode(new JsonRpcClient(new HttpClient(chain), new Uri("http://127.0.0.1:1")));
        var relayer = new Relayer(_key);
        var options = new NodeOptions { DataDirectory = _scratch.Path, Rpc = new Uri("http://127.0.0.1:1"), Dao = default, Name = "test" };
        var changes = new Changes();
        var ledger = new RelayLedger(_database, changes, TimeProvider.System);
        var simulator = new RelaySimulator(node, relayer);
        var outbox = new Outbox(_database, simulator, changes, options, TimeProvider.System);
        return (new RelaySender(node, relayer, simulator, outbox, ledger, options, TimeProvider.System, NullLogger<RelaySender>.Instance), ledger);
    }

    /// <summary>A chain on which one transaction is mined after so many questions for receipts.</summary>
    private sealed class Chain : HttpMessageHandler
    {
        private int _looks;

        public (Bytes32 Hash, int Looks) MinedAfterLooks { get; set; }

        public int Estimates { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var call = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            JsonNode? result = (string?)call["method"] switch
            {
                "eth_chainId" => "0x1",
                "eth_getTransactionCount" => _looks >= MinedAfterLooks.Looks ? "0x1" : "0x0",
                "eth_getTransactionReceipt" => Receipt((string?)call["params"]![0]),
                "eth_estimateGas" => Estimate(),
                "eth_sendRawTransaction" => MinedAfterLooks.Hash.ToString(),
                var other => throw new InvalidOperationException($"{other} was not expected"),
            };
            var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = call["id"]?.DeepClone(), ["result"] = result };
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json") };
        }

        private JsonObject? Receipt(string? hash) => _looks++ < MinedAfterLooks.Looks || hash != MinedAfterLooks.Hash.ToString()
            ? null
            : new JsonObject
            {
                ["transactionHash"] = hash, ["blockHash"] = hash, ["blockNumber"] = "0x1", ["transactionIndex"] = "0x0", ["status"] = "0x1", ["gasUsed"] = "0x5208",
                ["cumulativeGasUsed"] = "0x5208", ["effectiveGasPrice"] = "0x1", ["from"] = "0x0000000000000000000000000000000000000001",
                ["to"] = "0x0000000000000000000000000000000000000000", ["contractAddress"] = null, ["logs"] = new JsonArray(), ["type"] = "0x2",
            };

        private string Estimate()
        {
            Estimates++;
            return "0x5208";
        }
    }
}
