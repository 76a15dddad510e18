using Commonhold.Ethereum;
using Xunit;

namespace Commonhold.Tests.Ethereum;

public sealed class AbiSignatureTests
{
    private static readonly Address Alice = Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    private static readonly Address Bob = Address.Parse("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");

    [Theory]
    [InlineData("function transfer(address to, uint256 amount) external returns (bool);", "0xa9059cbb")]
    [InlineData("balanceOf(address) view returns (uint256)", "0x70a08231")]
    [InlineData("function approve(address,uint)", "0x095ea7b3")]
    public void Selectors_are_the_known_ones(string text, string selector) =>
        Assert.Equal(selector, AbiFunction.Parse(text).Selector.ToString());

    [Fact]
    public void Built_in_errors_have_the_known_selectors()
    {
        Assert.Equal("0x08c379a0", AbiError.Error.Selector.ToString());
        Assert.Equal("0x4e487b71", AbiError.Panic.Selector.ToString());
    }

    [Fact]
    public void A_transfer_is_read_from_its_log()
    {
        AbiEvent transfer = AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint256 value)");
        Assert.Equal("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef", transfer.Topic.ToString());

        Bytes32[] topics = [.. transfer.FilterTopics(Alice, Bob).Select(t => t!.Value)];
        AbiEventValues log = transfer.Decode(topics, AbiEncoder.Encode(AbiType.UInt256, 7));
        Assert.Equal(Alice, log["from"].AsAddress());
        Assert.Equal(Bob, log["to"].AsAddress());
        Assert.Equal(7UL, log["value"].AsUInt64());
        Assert.Throws<ArgumentException>(() => log["nobody"]);
    }

    [Fact]
    public void A_filter_can_leave_places_open()
    {
        AbiEvent transfer = AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint256 value)");
        IReadOnlyList<Bytes32?> topics = transfer.FilterTopics(null, Bob);
        Assert.Equal([true, false, true], topics.Select(t => t.HasValue));
    }

    [Fact]
    public void Indexed_values_that_do_not_fit_a_topic_come_as_digests()
    {
        AbiEvent named = AbiEvent.Parse("event Named(string indexed name, (uint256 id, bytes note) indexed detail, uint8[] indexed marks)");
        IReadOnlyList<Bytes32?> topics = named.FilterTopics("hello", AbiValue.List(1, new byte[] { 2 }), AbiValue.List(3, 4));

        // Solidity ABI specification, "Encoding of Indexed Event Parameters": bare, padded without length, padded elements.
        Assert.Equal(Keccak256.Hash("hello"u8), topics[1]);
        Assert.Equal(Keccak256.Hash(Hex.Decode("0x" + "1".PadLeft(64, '0') + "02".PadRight(64, '0'))), topics[2]);
        Assert.Equal(Keccak256.Hash(Hex.Decode("0x" + "3".PadLeft(64, '0') + "4".PadLeft(64, '0'))), topics[3]);

        AbiEventValues log = named.Decode([.. topics.Select(t => t!.Value)], []);
        Assert.Equal(topics[1], log["name"].AsBytes32());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void Logs_with_another_number_of_topics_are_refused(int count)
    {
        AbiEvent transfer = AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint256 value)");
        Bytes32[] topics = [.. Enumerable.Repeat(transfer.Topic, count)];
        Assert.Throws<AbiException>(() => transfer.Decode(topics, new byte[32]));
    }

    [Fact]
    public void Reverts_are_named_with_their_arguments()
    {
        AbiError expired = AbiError.Parse("error AccessMarketGrantExpired(uint256 grantId, uint64 endsAt)");
        var errors = new AbiErrorSet([expired]);

        ContractRevertException e = errors.ToException(expired.Encode(17, 1_700_000_000));
        Assert.Equal("AccessMarketGrantExpired", e.ErrorName);
        Assert.Equal(17UL, e.Args[0].AsUInt64());
        Assert.Contains("grantId: 17", e.Message, StringComparison.Ordinal);

        Assert.Equal("too late", errors.ToException(AbiError.Error.Encode("too late")).Args[0].AsText());
        Assert.Equal(0x11UL, errors.ToException(AbiError.Panic.Encode(0x11)).Args[0].AsUInt64());
    }

    [Theory]
    [InlineData("unknown selector", "0x12345678")]
    [InlineData("cut arguments", "0x08c379a000")]
    [InlineData("two bytes", "0x08c3")]
    [InlineData("nothing", "0x")]
    public void Reverts_that_cannot_be_read_keep_their_bytes(string kind, string data)
    {
        Assert.NotEmpty(kind);
        ContractRevertException e = AbiErrorSet.BuiltIn.ToException(Hex.Decode(data));
        Assert.Null(e.ErrorName);
        Assert.Equal(data, Hex.Encode(e.RevertData.Span));
    }

    [Fact]
    public void A_json_abi_is_read_with_structs_and_names()
    {
        ContractAbi abi = AbiJson.Parse("""
            {"abi":[
              {"type":"constructor","inputs":[{"name":"owner","type":"address","internalType":"address"}],"stateMutability":"nonpayable"},
              {"type":"function","name":"approve","inputs":[{"name":"terms","type":"tuple[2]","internalType":"struct Terms[2]",
                "components":[{"name":"price","type":"uint128"},{"name":"tags","type":"string[]"}]}],
                "outputs":[{"name":"","type":"bool"}],"stateMutability":"view"},
              {"type":"event","name":"GrantOpened","inputs":[{"name":"id","type":"uint256","indexed":true,"internalType":"GrantId"}],"anonymous":false},
              {"type":"error","name":"Nope","inputs":[]},
              {"type":"receive","stateMutability":"payable"}
            ]}
            """);
        AbiFunction approve = abi.Function("approve");
        Assert.Equal("approve((uint128,string[])[2])", approve.Text);
        Assert.True(approve.IsReadOnly);
        Assert.Equal("struct Terms[2]", approve.Inputs[0].InternalType);
        var tuple = (AbiTupleType)((AbiArrayType)approve.Inputs[0].Type).Element;
        Assert.Equal(["price", "tags"], tuple.Components.Select(c => c.Name));
        Assert.True(abi.Event("GrantOpened").Inputs[0].IsIndexed);
        Assert.Equal("Nope()", abi.Error("Nope").Text);
        Assert.Equal(32 + 3, abi.EncodeDeployment([1, 2, 3], Alice).Length);
    }

    [Theory]
    [InlineData("not json", "nope")]
    [InlineData("no abi", "{}")]
    [InlineData("no name", """[{"type":"function"}]""")]
    [InlineData("bad type", """[{"type":"error","name":"E","inputs":[{"type":"uint9"}]}]""")]
    [InlineData("inputs no array", """[{"type":"error","name":"E","inputs":7}]""")]
    [InlineData("entry no object", "[7]")]
    public void What_is_no_json_abi_is_refused(string kind, string json)
    {
        Assert.NotEmpty(kind);
        Assert.Throws<FormatException>(() => AbiJson.Parse(json));
    }

    [Fact]
    public void An_artifact_with_unlinked_libraries_is_refused()
    {
        const string json = """{"abi":[],"bytecode":{"object":"CODE"},"deployedBytecode":{"object":"0x00"}}""";
        Assert.Equal([0x60], ContractArtifact.Parse(json.Replace("CODE", "0x60", StringComparison.Ordinal)).InitCode.ToArray());
        Assert.Throws<FormatException>(() => ContractArtifact.Parse(json.Replace("CODE", "0x60__$abc$__", StringComparison.Ordinal)));
    }
}
