using System.Globalization;
using System.Text.Json.Nodes;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Ethereum;

/// <summary>Types and values as tests/agreement/agree.mjs takes them.</summary>
internal static class AgreementJson
{
    public static JsonObject Type(AbiType type)
    {
        switch (type)
        {
            case AbiArrayType array:
                JsonObject element = Type(array.Element);
                element["type"] = element["type"]!.GetValue<string>() + "[" + array.Length?.ToString(CultureInfo.InvariantCulture) + "]";
                return element;
            case AbiTupleType tuple:
                return new JsonObject { ["type"] = "tuple", ["components"] = new JsonArray([.. tuple.Components.Select(c => (JsonNode)Type(c.Type))]) };
            default:
                return new JsonObject { ["type"] = type.CanonicalName };
        }
    }

    public static JsonArray Values(IEnumerable<AbiValue> values) => new([.. values.Select(Value)]);

    public static JsonObject Transaction(Eip1559Transaction t, SignedTransaction signed) => new()
    {
        ["chainId"] = t.ChainId.ToString(CultureInfo.InvariantCulture),
        ["nonce"] = t.Nonce.ToString(CultureInfo.InvariantCulture),
        ["tip"] = t.MaxPriorityFeePerGas.ToString(CultureInfo.InvariantCulture),
        ["fee"] = t.MaxFeePerGas.ToString(CultureInfo.InvariantCulture),
        ["gas"] = t.GasLimit.ToString(CultureInfo.InvariantCulture),
        ["to"] = t.To?.ToString(),
        ["value"] = t.ValueWei.ToString(CultureInfo.InvariantCulture),
        ["data"] = Hex.Encode(t.Data.Span),
        ["accessList"] = new JsonArray([.. t.AccessList.Select(e => (JsonNode)new JsonObject
        {
            ["address"] = e.Address.ToString(),
            ["storageKeys"] = new JsonArray([.. e.StorageKeys.Select(k => (JsonNode)k.ToString())]),
        })]),
        ["raw"] = Hex.Encode(signed.Raw.Span),
    };

    private static JsonNode Value(AbiValue value) => value switch
    {
        AbiBool flag => flag.Value,
        AbiList list => Values(list.Items),
        _ => value.ToString()!,
    };
}
