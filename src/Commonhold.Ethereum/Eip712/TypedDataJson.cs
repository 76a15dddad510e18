using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Commonhold.Ethereum;

/// <summary>Typed data as wallets exchange it.</summary>
internal static class TypedDataJson
{
    public static TypedData Read(JsonElement root)
    {
        var structs = new Dictionary<string, IReadOnlyList<Eip712Field>>(StringComparer.Ordinal);
        foreach (JsonProperty entry in Member(root, "types", JsonValueKind.Object).EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Array)
                throw new FormatException($"The type '{entry.Name}' is not an array of fields.");

            structs[entry.Name] =
            [
                .. entry.Value.EnumerateArray().Select(f => new Eip712Field(
                    Member(f, "name", JsonValueKind.String).GetString()!, Member(f, "type", JsonValueKind.String).GetString()!)),
            ];
        }

        Eip712Domain domain = ReadDomain(Member(root, "domain", JsonValueKind.Object));
        if (structs.Remove(Eip712Types.DomainName, out IReadOnlyList<Eip712Field>? declared) && !declared.SequenceEqual(domain.Fields))
            throw new FormatException("The domain's fields are not those that its type declares.");

        var types = new Eip712Types(structs);
        string primary = Member(root, "primaryType", JsonValueKind.String).GetString()!;
        if (!structs.ContainsKey(primary))
            throw new FormatException($"The primary type '{Hex.Shorten(primary)}' is not among the types.");

        return new TypedData(domain, types, primary, ReadValue(types, primary, Member(root, "message", JsonValueKind.Object), 0));
    }

    public static string Write(TypedData data)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("types");
            WriteFields(json, Eip712Types.DomainName, data.Domain.Fields);
            foreach ((string name, IReadOnlyList<Eip712Field> fields) in data.Types.Structs)
                WriteFields(json, name, fields);
            json.WriteEndObject();
            json.WriteString("primaryType", data.PrimaryType);
            json.WriteStartObject("domain");
            foreach ((Eip712Field field, AbiValue value) in data.Domain.Members())
            {
                json.WritePropertyName(field.Name);
                WriteValue(json, data.Types, field.Type, value);
            }

            json.WriteEndObject();
            json.WritePropertyName("message");
            WriteValue(json, data.Types, data.PrimaryType, data.Message);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Eip712Domain ReadDomain(JsonElement domain)
    {
        var result = new Eip712Domain();
        foreach (JsonProperty member in domain.EnumerateObject())
        {
            result = member.Name switch
            {
                "name" => result with { Name = ReadAtom(AbiType.Text, member.Value).AsText() },
                "version" => result with { Version = ReadAtom(AbiType.Text, member.Value).AsText() },
                "chainId" => result with { ChainId = ReadAtom(AbiType.UInt256, member.Value).AsInteger() },
                "verifyingContract" => result with { VerifyingContract = ReadAtom(AbiType.Address, member.Value).AsAddress() },
                "salt" => result with { Salt = ReadAtom(AbiType.Bytes32, member.Value).AsBytes32() },
                _ => throw new FormatException($"'{Hex.Shorten(member.Name)}' is not a member of a domain."),
            };
        }

        return result;
    }

    private static AbiValue ReadValue(Eip712Types types, string typeName, JsonElement json, int depth)
    {
        if (depth > Eip712Types.MaxDepth)
            throw new FormatException($"Typed data are nested deeper than {Eip712Types.MaxDepth}.");

        Eip712Type type = types.TypeOf(typeName);
        if (type.Abi is { } abi)
            return ReadAtom(abi, json);

        if (type.Element is { } element)
        {
            return json.ValueKind == JsonValueKind.Array && (type.Length is null || type.Length == json.GetArrayLength())
                ? AbiValue.List([.. json.EnumerateArray().Select(item => ReadValue(types, element, item, depth + 1))])
                : throw new FormatException($"A value is not a {typeName}.");
        }

        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException($"A value is not a {typeName}.");

        return AbiValue.List([.. types.FieldsOf(typeName).Select(field => json.TryGetProperty(field.Name, out JsonElement member)
            ? ReadValue(types, field.Type, member, depth + 1)
            : throw new FormatException($"A {typeName} has no '{field.Name}'."))]);
    }

    private static AbiValue ReadAtom(AbiType type, JsonElement json)
    {
        try
        {
            AbiValue value = (type, json.ValueKind) switch
            {
                (AbiBoolType, JsonValueKind.True) => true,
                (AbiBoolType, JsonValueKind.False) => false,
                (AbiStringType, JsonValueKind.String) => json.GetString()!,
                (AbiAddressType, JsonValueKind.String) => Address.Parse(json.GetString()!),
                (AbiBytesType, JsonValueKind.String) => Hex.Decode(json.GetString()!),
                (AbiIntegerType, JsonValueKind.Number) => ReadInteger(json.GetRawText()),
                (AbiIntegerType, JsonValueKind.String) => ReadInteger(json.GetString()!),
                _ => throw new FormatException($"A value is not a {type}."),
            };
            // Encoding is the range check.
            _ = AbiEncoder.Encode(type, value);
            return value;
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static BigInteger ReadInteger(string text)
    {
        // Longer than any 256-bit number; BigInteger's parser is not linear.
        if (text.Length > 80)
            throw new FormatException("An integer is too long.");
        if (text.StartsWith("0x", StringComparison.Ordinal))
            return BigInteger.Parse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

        return BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    private static void WriteFields(Utf8JsonWriter json, string name, IReadOnlyList<Eip712Field> fields)
    {
        json.WriteStartArray(name);
        foreach (Eip712Field field in fields)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            json.WriteString("type", field.Type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, Eip712Types types, string typeName, AbiValue value)
    {
        Eip712Type type = types.TypeOf(typeName);
        switch (value)
        {
            case AbiBool flag:
                json.WriteBooleanValue(flag.Value);
                break;
            case AbiList list when type.Element is { } element:
                json.WriteStartArray();
                foreach (AbiValue item in list.Items)
                    WriteValue(json, types, element, item);
                json.WriteEndArray();
                break;
            case AbiList list:
                json.WriteStartObject();
                foreach ((Eip712Field field, AbiValue item) in types.FieldsOf(typeName).Zip(list.Items))
                {
                    json.WritePropertyName(field.Name);
                    WriteValue(json, types, field.Type, item);
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    private static JsonElement Member(JsonElement parent, string name, JsonValueKind kind) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind
            ? value
            : throw new FormatException($"Typed data need a member '{name}' of kind {kind}.");
}
