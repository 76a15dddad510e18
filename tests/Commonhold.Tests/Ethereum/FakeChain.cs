using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Ethereum;

/// <summary>One account's view of a chain, in memory: a pool with geth's rules, and blocks when the test wants them.</summary>
internal sealed class FakeChain : HttpMessageHandler
{
    private readonly SortedDictionary<ulong, (Eip1559Transaction Transaction, Bytes32 Hash)> _pool = [];
    private readonly Dictionary<Bytes32, bool> _receipts = [];

    /// <summary>Every transaction that was accepted, in order.</summary>
    public List<Eip1559Transaction> Accepted { get; } = [];

    /// <summary>How often eth_sendRawTransaction was called.</summary>
    public int Broadcasts { get; private set; }

    public ulong MinedCount { get; set; }

    /// <summary>Least fee that gets mined; null mines nothing.</summary>
    public BigInteger? MinesFrom { get; set; } = 0;

    /// <summary>Answers before the pool does; a reply of null lets the chain answer.</summary>
    public Func<string, JsonNode, string?>? Intercept { get; set; }

    /// <summary>Takes the transaction, then breaks the connection, so often.</summary>
    public int LoseAnswers { get; set; }

    public bool MinedTransactionsRevert { get; set; }

    public void DropPool() => _pool.Clear();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        JsonNode call = JsonNode.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken))!;
        string method = call["method"]!.GetValue<string>();
        string answer;
        lock (_pool)
        {
            answer = Intercept?.Invoke(method, call["params"]!) ?? Answer(method, call["params"]!);
            if (method == "eth_sendRawTransaction" && LoseAnswers-- > 0)
                throw new HttpRequestException("connection reset");
        }

        string body = $$"""{"jsonrpc":"2.0","id":{{call["id"]}},{{answer}}}""";
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }

    public static string Error(string message, int code = -32000, string data = "null") =>
        $$"""
        "error":{"code":{{code}},"message":"{{message}}","data":{{data}}}
        """;

    private string Answer(string method, JsonNode parameters)
    {
        Mine();
        return method switch
        {
            "eth_chainId" => Result("0x7a69"),
            "eth_estimateGas" => Result("0x5208"),
            "eth_maxPriorityFeePerGas" => Result("0x64"),
            "eth_getBlockByNumber" => "\"result\":" + Block(),
            "eth_getTransactionCount" => Result(Hexadecimal(parameters[1]!.GetValue<string>() == "pending" ? PendingCount() : MinedCount)),
            "eth_sendRawTransaction" => Take(Hex.Decode(parameters[0]!.GetValue<string>())),
            "eth_getTransactionReceipt" => "\"result\":" + Receipt(Bytes32.Parse(parameters[0]!.GetValue<string>())),
            "eth_call" => Result("0x"),
            _ => Error("Method not found", -32601),
        };
    }

    private string Take(byte[] raw)
    {
        Broadcasts++;
        Eip1559Transaction transaction = Eip1559Transaction.Decode(raw).Transaction;
        Bytes32 hash = Keccak256.Hash(raw);
        if (transaction.Nonce < MinedCount)
            return Error("nonce too low: next nonce " + MinedCount);
        if (_pool.TryGetValue(transaction.Nonce, out (Eip1559Transaction Transaction, Bytes32 Hash) old))
        {
            if (old.Hash == hash)
                return Error("already known");
            if (transaction.MaxFeePerGas * 100 < old.Transaction.MaxFeePerGas * 110
                || transaction.MaxPriorityFeePerGas * 100 < old.Transaction.MaxPriorityFeePerGas * 110)
                return Error("replacement transaction underpriced");
        }

        _pool[transaction.Nonce] = (transaction, hash);
        Accepted.Add(transaction);
        return Result(hash.ToString());
    }

    private void Mine()
    {
        while (_pool.TryGetValue(MinedCount, out (Eip1559Transaction Transaction, Bytes32 Hash) next) && MinesFrom is { } fee && next.Transaction.MaxFeePerGas >= fee)
        {
            _pool.Remove(MinedCount);
            _receipts[next.Hash] = !MinedTransactionsRevert;
            MinedCount++;
        }
    }

    private ulong PendingCount()
    {
        ulong count = MinedCount;
        while (_pool.ContainsKey(count))
            count++;
        return count;
    }

    private string Receipt(Bytes32 hash) => !_receipts.TryGetValue(hash, out bool succeeded) ? "null" : $$"""
        {"transactionHash":"{{hash}}","blockNumber":"0x5","blockHash":"{{Bytes32.Zero}}","from":"{{Address.Zero}}","to":null,"contractAddress":null,
         "status":"{{(succeeded ? "0x1" : "0x0")}}","gasUsed":"0x5208","effectiveGasPrice":"0x1","logs":[]}
        """;

    private static string Block() => $$"""
        {"number":"0x5","hash":"{{Bytes32.Zero}}","parentHash":"{{Bytes32.Zero}}","timestamp":"0x1","gasLimit":"0x1c9c380","baseFeePerGas":"0x3e8"}
        """;

    private static string Result(string value) => $"\"result\":\"{value}\"";

    private static string Hexadecimal(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);
}
