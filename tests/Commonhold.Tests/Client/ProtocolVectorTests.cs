using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

/// <summary>The values that Solidity made, which C# and TypeScript must reproduce (protocol.md, preamble).</summary>
public sealed class ProtocolVectorTests : IDisposable
{
    private readonly JsonDocument _document = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "testdata", "protocol-vectors.json")));

    private JsonElement Vectors => _document.RootElement;

    private CommonholdDomain Registry => new(Vectors.GetProperty("chainId").GetUInt64(), AddressOf(Vectors, "contributionRegistry"));

    private CommonholdDomain Guardians => new(Vectors.GetProperty("chainId").GetUInt64(), AddressOf(Vectors, "guardianRegistry"));

    [Fact]
    public void Domain_separators_are_those_of_the_contracts()
    {
        JsonElement separators = Vectors.GetProperty("domainSeparators");
        Assert.Equal(Digest(separators, "contributionRegistry"), Registry.Separator);
        Assert.Equal(Digest(separators, "guardianRegistry"), Guardians.Separator);
    }

    [Fact]
    public void Contributions_are_hashed_and_signed_alike() =>
        Check("contribution", Registry, Read("contribution", WireJson.Default.ContributionTerms));

    [Fact]
    public void Verdicts_are_hashed_and_signed_alike() => Check("verdict", Registry, Read("verdict", WireJson.Default.Verdict));

    [Fact]
    public void Batches_are_hashed_and_signed_alike() => Check("batch", Registry, Read("batch", WireJson.Default.BatchMessage));

    [Fact]
    public void Withdrawals_are_hashed_and_signed_alike()
    {
        JsonElement vector = Vectors.GetProperty("withdrawal");
        Check("withdrawal", Registry, new Withdrawal(
            new BatchId(Number(vector, "batchId")), (uint)Number(vector, "index"), Digest(vector, "leaf"), Number(vector, "deadline")));
    }

    [Fact]
    public void Ceremony_messages_are_hashed_and_signed_alike()
    {
        JsonElement vector = Vectors.GetProperty("ceremonyMessage");
        // In the file "digest" is what was signed; the message's own digest is of this text.
        Bytes32 digest = Bytes32.FromSpan(System.Security.Cryptography.SHA256.HashData("a ceremony message"u8));
        CeremonyMessage message = new((uint)Number(vector, "epoch"), (byte)Number(vector, "round"), AddressOf(vector, "from"), digest);
        Check("ceremonyMessage", Guardians, message);
    }

    [Fact]
    public void Leaves_their_proofs_and_the_batch_root_are_alike()
    {
        JsonElement[] vectors = [.. Vectors.GetProperty("leaves").EnumerateArray()];
        Leaf[] leaves = [.. vectors.Select(v => v.Deserialize(WireJson.Default.Leaf)!)];
        BatchManifest manifest = new(Registry.ChainId, Registry.VerifyingContract, new BatchId(7), leaves);

        Assert.Equal(Digest(Vectors, "batchRoot"), manifest.Root);
        for (int i = 0; i < leaves.Length; i++)
        {
            Assert.Equal(Digest(vectors[i], "hash"), leaves[i].Hash());
            Assert.Equal(Digests(vectors[i], "proof"), manifest.Tree.Proof(i));
        }
    }

    [Fact]
    public void Reward_leaves_their_proofs_and_the_reward_root_are_alike()
    {
        JsonElement[] vectors = [.. Vectors.GetProperty("rewards").EnumerateArray()];
        RewardTree tree = new(vectors.Select(v => KeyValuePair.Create(AddressOf(v, "account"), PointsOf(v))));

        Assert.Equal(Digest(Vectors, "rewardRoot"), tree.Root);
        foreach (JsonElement vector in vectors)
        {
            Address account = AddressOf(vector, "account");
            Assert.Equal(Digest(vector, "hash"), RewardTree.HashLeaf(account, PointsOf(vector)));
            Assert.Equal(Digests(vector, "proof"), tree.Find(account)!.Proof);
        }

        static Points PointsOf(JsonElement vector) => new(UInt128.Parse(vector.GetProperty("cumulativePoints").GetString()!, null));
    }

    [Fact]
    public void Terms_have_the_hash_that_the_market_keeps()
    {
        JsonElement v = Vectors.GetProperty("terms");
        GrantTerms terms = new(
            (GrantMode)Number(v, "mode"), (Pricing)Number(v, "pricing"), (ushort)Number(v, "renewals"), (uint)Number(v, "runs"), Number(v, "duration"),
            Number(v, "scope"), AddressOf(v, "currency"), new Wei(System.Numerics.BigInteger.Parse(v.GetProperty("price").GetString()!, null)),
            Digest(v, "recipient"), Digest(v, "purposeDigest"), Digest(v, "jobDigest"), Digest(v, "outputPolicyDigest"));

        Assert.Equal(Digest(v, "hash"), terms.Hash());
    }

    [Fact]
    public void The_schema_is_the_hash_of_its_name() =>
        Assert.Equal(Digest(Vectors, "schema"), Schema.Hash(Vectors.GetProperty("schemaName").GetString()!));

    public void Dispose() => _document.Dispose();

    private T Read<T>(string name, JsonTypeInfo<T> type) => Vectors.GetProperty(name).Deserialize(type)!;

    private void Check(string name, CommonholdDomain domain, ITypedMessage message)
    {
        JsonElement vector = Vectors.GetProperty(name);
        JsonElement signer = Vectors.GetProperty("keys").GetProperty(vector.GetProperty("signer").GetString()!);
        Signature signature = Signature.Parse(vector.GetProperty("signature").GetString()!);
        using Secp256k1Key key = Secp256k1Key.Parse(signer.GetProperty("privateKey").GetString());

        Assert.Equal(Digest(vector, "structHash"), message.StructHash());
        Assert.Equal(Digest(vector, "digest"), domain.Digest(message.StructHash()));
        Assert.Equal(signature, message.Sign(key, domain));
        Assert.True(message.IsSignedBy(AddressOf(signer, "address"), signature, domain));
        Assert.False(message.IsSignedBy(AddressOf(signer, "address"), signature, new CommonholdDomain(domain.ChainId + 1, domain.VerifyingContract)));
    }

    private static Address AddressOf(JsonElement element, string name) => Address.Parse(element.GetProperty(name).GetString()!);

    private static Bytes32 Digest(JsonElement element, string name) => Bytes32.Parse(element.GetProperty(name).GetString()!);

    private static Bytes32[] Digests(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(d => Bytes32.Parse(d.GetString()!))];

    private static ulong Number(JsonElement element, string name) => element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number
        ? number.GetUInt64()
        : ulong.Parse(element.GetProperty(name).GetString()!, null);
}
