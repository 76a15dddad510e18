using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Ethereum;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Ethereum;

/// <summary>Holds this library against viem on random values: what we make viem makes too, what viem makes we read.</summary>
[Trait("Speed", "slow")]
public sealed class AgreementTests
{
    private const int Rounds = 3000;

    [ViemFact]
    public async Task Viem_hashes_as_we_do()
    {
        byte[][] inputs = [.. Enumerable.Range(0, 600).Select(length => Gen.Sample(AbiGen.Bytes(length), 1, 1)[0])];
        JsonNode[] answers = await Viem.AskAsync([.. inputs.Select(i => new JsonObject { ["kind"] = "keccak", ["data"] = Hex.Encode(i) })]);
        Assert.Equal(inputs.Select(i => Keccak256.Hash(i).ToString()), answers.Select(a => a.GetValue<string>()));
    }

    [ViemFact]
    public async Task Viem_encodes_and_decodes_as_we_do()
    {
        (AbiType Type, AbiValue Value)[][] cases = Gen.Sample(AbiGen.Parameters, 50, Rounds);
        JsonNode[] answers = await Viem.AskAsync([.. cases.Select(c => Question("abi", c))]);
        foreach (((AbiType Type, AbiValue Value)[] parameters, JsonNode answer) in cases.Zip(answers))
        {
            AbiType[] types = [.. parameters.Select(p => p.Type)];
            AbiValue[] values = [.. parameters.Select(p => p.Value)];
            string theirs = answer["encoded"]?.GetValue<string>() ?? throw new InvalidOperationException(answer.ToJsonString());
            Assert.Equal(theirs, Hex.Encode(AbiEncoder.Encode(types, values)));
            Assert.Equal(values, AbiDecoder.Decode(types, Hex.Decode(theirs)));
            Assert.Equal(AgreementJson.Values(values).ToJsonString(), answer["decoded"]!.ToJsonString());
        }
    }

    [ViemFact]
    public async Task Viem_packs_as_we_do()
    {
        Gen<(AbiType Type, AbiValue Value)> packable =
            from type in Gen.OneOf(AbiGen.Elementary, AbiGen.Elementary.Where(AbiTopics.FitsTopic).Select(AbiType.Array))
            from value in AbiGen.ValueOf(type)
            select (type, value);
        (AbiType Type, AbiValue Value)[][] cases = Gen.Sample(packable.ArrayOf(3), 50, Rounds);
        JsonNode[] answers = await Viem.AskAsync([.. cases.Select(c => Question("packed", c))]);
        foreach (((AbiType Type, AbiValue Value)[] parameters, JsonNode answer) in cases.Zip(answers))
            Assert.Equal(answer.GetValue<string>(), Hex.Encode(AbiPacked.Encode([.. parameters.Select(p => p.Type)], [.. parameters.Select(p => p.Value)])));
    }

    [ViemFact]
    public async Task Viem_hashes_typed_data_as_we_do()
    {
        TypedData[] cases = Gen.Sample(TypedDataGen.Messages, 50, Rounds);
        JsonNode[] answers = await Viem.AskAsync([.. cases.Select(c => new JsonObject { ["kind"] = "typedData", ["json"] = c.ToJson() })]);
        foreach ((TypedData data, JsonNode answer) in cases.Zip(answers))
        {
            Assert.Equal(answer.ToJsonString().Trim('"'), data.Hash().ToString());
            Assert.Equal(data.Hash(), TypedData.Parse(data.ToJson()).Hash());
        }
    }

    [ViemFact]
    public async Task Viem_signs_what_we_recover_and_recovers_what_we_sign()
    {
        (byte[] Secret, byte[] Digest)[] cases = Gen.Sample(
            from secret in AbiGen.Bytes(31) from digest in AbiGen.Bytes(32) select ((byte[])[0x7f, .. secret], digest), 50, Rounds / 3);
        var questions = new List<JsonNode>();
        var ours = new List<(Secp256k1Key Key, Bytes32 Digest, Signature Signature)>();
        foreach ((byte[] secret, byte[] bytes) in cases)
        {
            var key = Secp256k1Key.FromBytes(secret);
            var digest = Bytes32.FromSpan(bytes);
            Signature signature = key.Sign(digest);
            ours.Add((key, digest, signature));
            questions.Add(new JsonObject { ["kind"] = "sign", ["secret"] = Hex.Encode(secret), ["digest"] = digest.ToString() });
            questions.Add(new JsonObject { ["kind"] = "recover", ["digest"] = digest.ToString(), ["signature"] = signature.ToString() });
        }

        JsonNode[] answers = await Viem.AskAsync(questions);
        for (int i = 0; i < ours.Count; i++)
        {
            (Secp256k1Key key, Bytes32 digest, Signature signature) = ours[i];
            var theirs = Signature.Parse(answers[2 * i]["signature"]!.GetValue<string>());
            Assert.Equal(key.Address.ToString(), answers[2 * i]["address"]!.GetValue<string>());
            Assert.Equal(key.Address, Secp256k1Key.Recover(digest, theirs));
            // Both are deterministic by RFC 6979, so they agree to the last bit.
            Assert.Equal(signature, theirs);
            Assert.Equal(key.Address.ToString(), answers[(2 * i) + 1].GetValue<string>());
            key.Dispose();
        }
    }

    [ViemFact]
    public async Task Viem_signs_transactions_as_we_do()
    {
        var questions = new List<JsonNode>();
        var ours = new List<(Eip1559Transaction Transaction, SignedTransaction Signed)>();
        foreach (byte[] seed in Gen.Sample(AbiGen.Bytes(80), 50, Rounds / 3))
        {
            byte[] secret = [0x11, .. seed[..31]];
            using var key = Secp256k1Key.FromBytes(secret);
            var transaction = new Eip1559Transaction(
                Math.Max((byte)1, seed[31]), BitConverter.ToUInt32(seed, 32), seed[36], BitConverter.ToUInt64(seed, 37) | 256, BitConverter.ToUInt32(seed, 45),
                seed[49] % 4 == 0 ? null : Address.FromSpan(seed.AsSpan(50, 20)), new BigInteger(seed.AsSpan(60, seed[49] % 12), isUnsigned: true),
                seed.AsMemory(40, seed[49] % 30))
            {
                AccessList = seed[49] % 3 == 0 ? [new AccessListEntry(Address.FromSpan(seed.AsSpan(20, 20)), [Bytes32.FromSpan(seed.AsSpan(30, 32))])] : [],
            };
            SignedTransaction signed = transaction.Sign(key);
            ours.Add((transaction, signed));
            questions.Add(new JsonObject { ["kind"] = "transaction", ["secret"] = Hex.Encode(secret), ["transaction"] = AgreementJson.Transaction(transaction, signed) });
        }

        JsonNode[] answers = await Viem.AskAsync(questions);
        foreach (((Eip1559Transaction transaction, SignedTransaction signed), JsonNode answer) in ours.Zip(answers))
        {
            Assert.Equal(answer["raw"]?.GetValue<string>() ?? answer.ToJsonString(), Hex.Encode(signed.Raw.Span));
            Assert.Equal(answer["unsigned"]!.GetValue<string>(), transaction.SigningHash().ToString());
            Assert.Equal(RpcReader.Quantity(transaction.Nonce).GetValue<string>(), answer["readBack"]!.GetValue<string>());
            Assert.Equal(signed.From, Eip1559Transaction.Decode(Hex.Decode(answer["raw"]!.GetValue<string>())).From);
        }
    }

    private static JsonObject Question(string kind, (AbiType Type, AbiValue Value)[] parameters) => new()
    {
        ["kind"] = kind,
        ["types"] = new JsonArray([.. parameters.Select(p => (JsonNode)AgreementJson.Type(p.Type))]),
        ["values"] = AgreementJson.Values(parameters.Select(p => p.Value)),
    };
}
