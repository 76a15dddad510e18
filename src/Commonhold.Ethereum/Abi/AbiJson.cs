using System.Text.Json;

namespace Commonhold.Ethereum;

/// <summary>Reads the JSON ABI that compilers write.</summary>
public static class AbiJson
{
    private const int MaxDepth = 32;

    /// <summary>Reads an ABI array, or an object with one in its property <c>abi</c>, such as forge's artifacts.</summary>
    /// <exception cref="FormatException">Not a JSON ABI.</exception>
    public static ContractAbi Parse(string json) => Parse(StrictJson.Parse(json));

    /// <inheritdoc cref="Parse(string)"/>
    public static ContractAbi Parse(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("abi", out JsonElement abi))
            json = abi;
        if (json.ValueKind != JsonValueKind.Array)
            throw new FormatException("A JSON ABI is an array, or an object with one in 'abi'.");

        var functions = new List<AbiFunction>();
        var events = new List<AbiEvent>();
        var errors = new List<AbiError>();
        IReadOnlyList<AbiParameter> constructor = [];
        foreach (JsonElement entry in json.EnumerateArray())
        {
            // The specification lets "type" default to "function".
            switch (Text(entry, "type", "function"))
            {
                case "function":
                    functions.Add(new AbiFunction(
                        Name(entry), Parameters(entry, "inputs", 0), Parameters(entry, "outputs", 0), Text(entry, "stateMutability", "nonpayable")));
                    break;
                case "event":
                    bool anonymous = entry.TryGetProperty("anonymous", out JsonElement a) && a.ValueKind == JsonValueKind.True;
                    events.Add(new AbiEvent(Name(entry), Parameters(entry, "inputs", 0), anonymous));
                    break;
                case "error":
                    errors.Add(new AbiError(Name(entry), Parameters(entry, "inputs", 0)));
                    break;
                case "constructor":
                    constructor = Parameters(entry, "inputs", 0);
                    break;
            }
        }

        return new ContractAbi(constructor, functions, events, errors);
    }

    private static AbiParameter[] Parameters(JsonElement parent, string property, int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException($"ABI types are nested deeper than {MaxDepth}.");
        if (!parent.TryGetProperty(property, out JsonElement list))
            return [];
        if (list.ValueKind != JsonValueKind.Array)
            throw new FormatException($"'{property}' is not an array.");

        return [.. list.EnumerateArray().Select(p => new AbiParameter(
            Text(p, "name", ""), ParameterType(p, depth), p.TryGetProperty("indexed", out JsonElement i) && i.ValueKind == JsonValueKind.True,
            Text(p, "internalType", "") is { Length: > 0 } internalType ? internalType : null))];
    }

    private static AbiType ParameterType(JsonElement parameter, int depth)
    {
        string type = Text(parameter, "type", "");
        return type.StartsWith("tuple", StringComparison.Ordinal)
            ? AbiTypeParser.ApplySuffix(new AbiTupleType(Parameters(parameter, "components", depth + 1)), type["tuple".Length..])
            : AbiType.Parse(type);
    }

    private static string Name(JsonElement entry) =>
        Text(entry, "name", "") is { Length: > 0 } name ? name : throw new FormatException("An ABI entry has no name.");

    private static string Text(JsonElement element, string property, string otherwise)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException("An ABI entry is not an object.");
        if (!element.TryGetProperty(property, out JsonElement value))
            return otherwise;

        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"'{property}' is not text.");
    }
}
