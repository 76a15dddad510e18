using System.Text.Json;
using System.Text.Json.Nodes;

namespace Commonhold.Ethereum;

/// <summary>JSON-RPC 2.0's objects, written and read.</summary>
internal static class JsonRpcMessages
{
    public static byte[] Write(long id, JsonRpcRequest request) => JsonSerializer.SerializeToUtf8Bytes(ToJson(id, request));

    public static byte[] Write(long firstId, JsonRpcRequest[] requests) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonArray([.. requests.Select((r, i) => (JsonNode)ToJson(firstId + i, r))]));

    public static JsonRpcOutcome ReadSingle(JsonElement answer, long id)
    {
        if (answer.ValueKind != JsonValueKind.Object)
            throw Invalid("The answer is not a JSON-RPC object.");

        JsonRpcOutcome outcome = Read(answer);
        // Errors of requests that the server could not read carry a null id.
        return outcome.Error is not null || IdOf(answer) == id ? outcome : throw Invalid("The answer is to another request.");
    }

    public static JsonRpcOutcome[] ReadBatch(JsonElement answer, long firstId, int count)
    {
        // A server that refuses a batch as a whole sends one error instead of a list.
        if (answer.ValueKind == JsonValueKind.Object && Read(answer).Error is { } refusal)
            throw refusal;
        if (answer.ValueKind != JsonValueKind.Array)
            throw Invalid("The answer is not a JSON-RPC batch.");

        var outcomes = new JsonRpcOutcome?[count];
        foreach (JsonElement item in answer.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || IdOf(item) is not { } id || id < firstId || id >= firstId + count
                || outcomes[id - firstId] is not null)
                throw Invalid("The batch holds an answer that was not asked for.");

            outcomes[id - firstId] = Read(item);
        }

        return [.. outcomes.Select(o => o ?? throw Invalid("The batch lacks an answer."))];
    }

    private static JsonObject ToJson(long id, JsonRpcRequest request) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = id,
        ["method"] = request.Method,
        // A node has one parent only, and a request may be written more than once.
        ["params"] = new JsonArray([.. request.Parameters.Select(p => p?.DeepClone())]),
    };

    private static JsonRpcOutcome Read(JsonElement answer)
    {
        if (answer.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
            return new JsonRpcOutcome(RpcErrors.Classify(error));

        return answer.TryGetProperty("result", out JsonElement result)
            ? new JsonRpcOutcome(result)
            : throw Invalid("The answer holds neither a result nor an error.");
    }

    private static long? IdOf(JsonElement answer) =>
        answer.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out long value) ? value : null;

    private static RpcException Invalid(string message) => new(RpcErrorKind.InvalidResponse, message);
}
