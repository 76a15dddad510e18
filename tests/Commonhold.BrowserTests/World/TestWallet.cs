using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.BrowserTests.World;

/// <summary>A wallet that a person has installed: announces itself in every page and signs with a key that stays in the test.</summary>
internal sealed class TestWallet : IDisposable
{
    private readonly Commons _commons;
    private readonly ConcurrentQueue<string> _asked = new();
    private volatile string? _hanging;
    private volatile int _patience;
    private readonly CancellationTokenSource _end = new();

    private TestWallet(Commons commons, Secp256k1Key key) => (_commons, Key) = (commons, key);

    public Secp256k1Key Key { get; }

    public Address Address => Key.Address;

    /// <summary>What pages have asked for: methods, and for typed data the struct's name behind a colon.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>The person presses "Reject" in the wallet.</summary>
    public bool Refuses { get; set; }

    /// <summary>Asked for something so many times from now on, it answers; then it shows its window, and nobody looks.</summary>
    public void HangsAfter(string method, int times)
    {
        _patience = _asked.Count(asked => asked == method) + times;
        _hanging = method;
    }

    /// <summary>Answers again; what it was asked while it hung is lost with the page that asked.</summary>
    public void Recovers() => _hanging = null;

    /// <summary>Before the first page is opened.</summary>
    public static async Task<TestWallet> InstallAsync(Visitor visitor, Commons commons, Secp256k1Key? key = null)
    {
        var wallet = new TestWallet(commons, key ?? Secp256k1Key.Generate());
        await visitor.Context.ExposeFunctionAsync<string, Task<string>>("testWallet", wallet.AnswerAsync);
        await visitor.Context.AddInitScriptAsync(Injected.Script("wallet.js"));
        return wallet;
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        Key.Dispose();
    }

    private async Task<string> AnswerAsync(string json)
    {
        var request = JsonNode.Parse(json)!;
        var method = (string)request["method"]!;
        var parameters = request["params"] as JsonArray ?? [];
        try
        {
            return new JsonObject { ["result"] = await AnswerAsync(method, parameters) }.ToJsonString();
        }
        catch (OperationCanceledException)
        {
            return "{}";
        }
        catch (RejectedException)
        {
            return new JsonObject { ["error"] = new JsonObject { ["code"] = 4001, ["message"] = "User rejected the request." } }.ToJsonString();
        }
        catch (Exception failure) when (failure is CommonholdException or ContractRevertException or FormatException or InvalidOperationException)
        {
            return new JsonObject { ["error"] = new JsonObject { ["code"] = -32000, ["message"] = failure.Message } }.ToJsonString();
        }
    }

    private async Task<JsonNode?> AnswerAsync(string method, JsonArray parameters)
    {
        switch (method)
        {
            case "eth_requestAccounts":
                Ask(method);
                return new JsonArray(Address.ToString());
            case "eth_accounts":
                return new JsonArray(Address.ToString());
            case "eth_chainId":
                return "0x" + _commons.Node.Dao.ChainId.ToString("x", CultureInfo.InvariantCulture);
            case "wallet_switchEthereumChain" or "wallet_addEthereumChain":
                Ask(method);
                return null;
            case "personal_sign":
                Ask(method);
                var text = (string)parameters[0]!;
                return Key.SignMessage(text.StartsWith("0x", StringComparison.Ordinal) ? Hex.Decode(text) : Encoding.UTF8.GetBytes(text)).ToString();
            case "eth_signTypedData_v4":
                var data = TypedData.Parse(parameters[1]!.GetValueKind() == JsonValueKind.String ? (string)parameters[1]! : parameters[1]!.ToJsonString());
                Ask($"{method}:{data.PrimaryType}");
                return Key.Sign(data.Hash()).ToString();
            case "eth_sendTransaction":
                Ask(method);
                if (_hanging == method && _asked.Count(asked => asked == method) > _patience)
                    await Task.Delay(Timeout.InfiniteTimeSpan, _end.Token);
                return await SendAsync(parameters[0]!);
            default:
                var answer = await _commons.Node.Chain.Control.CallAsync(method, [.. parameters.Select(p => (object)JsonSerializer.SerializeToElement(p))], CancellationToken.None);
                return JsonNode.Parse(answer.GetRawText());
        }
    }

    private async Task<JsonNode> SendAsync(JsonNode transaction)
    {
        var value = (string?)transaction["value"] is { } hex ? BigInteger.Parse("0" + hex[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : BigInteger.Zero;
        using var sender = new TransactionSender(_commons.World.Chain, Key, new TransactionSenderOptions { PollInterval = TimeSpan.FromMilliseconds(100) });
        var sent = await sender.SendAsync(
            new TransactionRequest(Address.Parse((string)transaction["to"]!), Hex.Decode((string?)transaction["data"] ?? "0x")) { ValueWei = value }, CancellationToken.None);
        return sent.TransactionHash.ToString();
    }

    private void Ask(string what)
    {
        _asked.Enqueue(what);
        if (Refuses)
            throw new RejectedException();
    }

    private sealed class RejectedException : Exception;
}
