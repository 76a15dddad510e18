using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client.Browser;

/// <summary>Runs web/agreement/open.ts, built by <c>npm run build</c> in web: the browser's opening of a grant, against a DAO in memory.</summary>
internal static class BrowserOpener
{
    /// <returns><c>report</c> and <c>zip</c> (base64), or <c>refusal</c>.</returns>
    public static Task<JsonNode> OpenAsync(GrantWorld world, IReadOnlyList<GuardianLink> guardians, GrantTerms terms, Func<string, JsonNode?, JsonNode?>? chain = null, X25519Identity? buyer = null, IReadOnlyDictionary<uint, Uri>? urls = null)
    {
        var start = new JsonObject
        {
            ["identity"] = (buyer ?? world.Buyer).ExportSecret(),
            ["grantId"] = 1,
            ["terms"] = Wire(terms),
            ["chainId"] = world.Dao.Info.ChainId,
            ["registry"] = world.Dao.Info.Contracts.Registry.ToString(),
            ["guardians"] = new JsonArray([.. guardians.Select(g => JsonValue.Create(g.Index))]),
            ["urls"] = urls is null ? null : new JsonObject(urls.Select(url => KeyValuePair.Create<string, JsonNode?>($"{url.Key}", url.Value.AbsoluteUri))),
        };
        return RunAsync(new JsonObject { ["open"] = start }, (what, about) => AnswerAsync(world, guardians, terms, what, about, chain));
    }

    public static Task<JsonNode> CheckAsync(JsonObject question) => RunAsync(question, (what, _) => throw new InvalidOperationException(what));

    private static async Task<JsonNode?> AnswerAsync(
        GrantWorld world, IReadOnlyList<GuardianLink> guardians, GrantTerms terms, string what, JsonNode? about, Func<string, JsonNode?, JsonNode?>? chain)
    {
        if (chain?.Invoke(what, about) is { } given)
            return given;
        var dao = world.Dao;
        switch (what)
        {
            case "grant":
                return new JsonObject { ["state"] = 2, ["termsHash"] = terms.Hash().ToString(), ["endsAt"] = FakeDao.ChainTime + 100 };
            case "time":
                return JsonValue.Create(FakeDao.ChainTime);
            case "batch":
                return await dao.BatchAsync(default, new BatchId(about!.GetValue<ulong>()), default) is var (root, count)
                    ? new JsonObject { ["root"] = root.ToString(), ["count"] = count }
                    : null;
            case "key":
                try
                {
                    var key = await dao.KeyAsync(default, about!.GetValue<uint>(), default);
                    return new JsonObject { ["guardians"] = key.Guardians.Count, ["commitments"] = new JsonArray([.. key.Commitments.Select(c => JsonValue.Create(c.ToString()))]) };
                }
                catch (ContractRevertException)
                {
                    return new JsonObject { ["guardians"] = 0, ["commitments"] = new JsonArray() };
                }

            case "manifest":
                return JsonSerializer.SerializeToNode(dao.Committed[about!.GetValue<int>()].Manifest, WireJson.Default.ManifestJson);
            case "blob":
                return JsonValue.Create(Convert.ToBase64String(dao.Blobs[Bytes32.Parse(about!.GetValue<string>())]));
            default:
                var guardian = guardians.Single(g => g.Index == about!["guardian"]!.GetValue<uint>());
                return JsonValue.Create(Convert.ToBase64String(await guardian.Client.ReleaseAsync(about!["request"].Deserialize(WireJson.Default.ReleaseRequest)!, default)));
        }
    }

    private static async Task<JsonNode> RunAsync(JsonObject question, Func<string, JsonNode?, Task<JsonNode?>> answer)
    {
        JsonNode? end = null;
        using var process = NodeScript.Start("web", "dist/open.mjs");
        var errors = process.StandardError.ReadToEndAsync();
        await NodeScript.EndsAsync(process, "dist/open.mjs", async () =>
        {
            await WriteAsync(question);
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                var said = JsonNode.Parse(line)!;
                if (said["what"] is { } what)
                    await WriteAsync(await ReplyAsync(what.GetValue<string>(), said));
                else
                    end = said;
            }
        });
        return end ?? throw new InvalidOperationException(await errors);

        async Task WriteAsync(JsonNode line)
        {
            await process.StandardInput.WriteAsync(line.ToJsonString() + "\n");
            await process.StandardInput.FlushAsync();
        }

        async Task<JsonObject> ReplyAsync(string what, JsonNode said)
        {
            var reply = new JsonObject { ["id"] = said["id"]!.GetValue<int>() };
            try
            {
                reply["answer"] = await answer(what, said["about"]);
            }
            catch (CommonholdException e)
            {
                reply["refusal"] = new JsonObject { ["code"] = e.Refusal!.Code, ["detail"] = e.Refusal.Detail };
            }

            return reply;
        }
    }

    private static JsonNode Wire(GrantTerms terms) => JsonSerializer.SerializeToNode(terms, WireJson.Default.GrantTerms)!;
}
