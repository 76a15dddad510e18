using System.Text;

namespace Commonhold.Ethereum;

/// <summary>One member of a struct: its name and its type, which is an ABI type, a struct's name, or arrays of either.</summary>
public sealed record Eip712Field(string Name, string Type);

/// <summary>A set of struct types and the digests of their values (EIP-712). A struct's value is a list in field order.</summary>
/// <remarks>Recursive types are allowed by the standard; depth of values is bounded here.</remarks>
public sealed class Eip712Types
{
    public const string DomainName = "EIP712Domain";

    internal const int MaxDepth = 64;

    // The text of a type names all types that it reaches, so texts together grow with the square of their number.
    private const int MaxStructs = 256;

    private readonly Dictionary<string, IReadOnlyList<Eip712Field>> _structs;
    private readonly Dictionary<string, Bytes32> _typeHashes = [];

    /// <exception cref="FormatException">A field's type is neither an ABI type nor one of the structs.</exception>
    public Eip712Types(IReadOnlyDictionary<string, IReadOnlyList<Eip712Field>> structs)
    {
        _structs = new(structs, StringComparer.Ordinal);
        if (_structs.Count > MaxStructs)
            throw new FormatException($"Typed data have {_structs.Count} structs, where at most {MaxStructs} may be.");
        foreach (Eip712Field field in _structs.Values.SelectMany(fields => fields))
            Check(field.Type);
        foreach (string name in _structs.Keys)
            _typeHashes[name] = Keccak256.Hash(Encoding.UTF8.GetBytes(EncodeType(name)));
    }

    public IReadOnlyDictionary<string, IReadOnlyList<Eip712Field>> Structs => _structs;

    /// <summary>Parses declarations as <c>encodeType</c> writes them: <c>"Mail(Person from,string contents)"</c>, each apart.</summary>
    /// <exception cref="FormatException">Not such declarations.</exception>
    public static Eip712Types Parse(params string[] declarations)
    {
        var structs = new Dictionary<string, IReadOnlyList<Eip712Field>>(StringComparer.Ordinal);
        foreach (string declaration in declarations)
        {
            int open = declaration.IndexOf('(', StringComparison.Ordinal);
            if (open <= 0 || !declaration.EndsWith(')'))
                throw new FormatException($"'{declaration}' is not of the form Name(type name,…).");

            structs[declaration[..open]] =
            [
                .. declaration[(open + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(field => field.Split(' ') is [var type, var name]
                    ? new Eip712Field(name, type)
                    : throw new FormatException($"'{field}' is not of the form 'type name'.")),
            ];
        }

        return new Eip712Types(structs);
    }

    // EIP-712 §encodeType: the struct itself, then those it refers to, sorted by name.
    public string EncodeType(string structName)
    {
        var referenced = new SortedSet<string>(StringComparer.Ordinal);
        Collect(structName, referenced);
        referenced.Remove(structName);
        return string.Concat(referenced.Prepend(structName).Select(
            name => name + "(" + string.Join(',', FieldsOf(name).Select(f => f.Type + " " + f.Name)) + ")"));
    }

    public Bytes32 TypeHash(string structName) =>
        _typeHashes.TryGetValue(structName, out Bytes32 hash) ? hash : throw Unknown(structName);

    /// <exception cref="ArgumentException">The value does not fit the struct.</exception>
    public Bytes32 HashStruct(string structName, AbiValue value) => HashStruct(structName, value, 0);

    internal IReadOnlyList<Eip712Field> FieldsOf(string structName) =>
        _structs.TryGetValue(structName, out IReadOnlyList<Eip712Field>? fields) ? fields : throw Unknown(structName);

    /// <summary>What a type name stands for: a struct, an array with its element, or an ABI type.</summary>
    internal Eip712Type TypeOf(string name)
    {
        if (name.EndsWith(']'))
        {
            int open = name.LastIndexOf('[');
            string length = open > 0 ? name[(open + 1)..^1] : "?";
            if (length.Length == 0)
                return new Eip712Type(name, null, name[..open], null);
            if (int.TryParse(length, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int fixedLength))
                return new Eip712Type(name, null, name[..open], fixedLength);
            throw new FormatException($"'{Hex.Shorten(name)}' is not a type.");
        }

        return _structs.ContainsKey(name) ? new Eip712Type(name, null, null, null) : new Eip712Type(name, AbiType.Parse(name), null, null);
    }

    private Bytes32 HashStruct(string structName, AbiValue value, int depth)
    {
        IReadOnlyList<Eip712Field> fields = FieldsOf(structName);
        if (value is not AbiList { Items: var items } || items.Count != fields.Count)
            throw new ArgumentException($"The value does not have the {fields.Count} fields of {structName}.");

        var hasher = new IncrementalKeccak256();
        hasher.Append(TypeHash(structName).AsSpan());
        for (int i = 0; i < fields.Count; i++)
            hasher.Append(EncodeData(fields[i].Type, items[i], depth + 1).AsSpan());
        return hasher.Finish();
    }

    // EIP-712 §encodeData.
    private Bytes32 EncodeData(string typeName, AbiValue value, int depth)
    {
        if (depth > MaxDepth)
            throw new ArgumentException($"Typed data are nested deeper than {MaxDepth}.");

        Eip712Type type = TypeOf(typeName);
        switch (type)
        {
            case { Element: { } element }:
                if (value is not AbiList { Items: var items } || (type.Length is int length && length != items.Count))
                    throw new ArgumentException($"The value is not a {typeName}.");

                var hasher = new IncrementalKeccak256();
                foreach (AbiValue item in items)
                    hasher.Append(EncodeData(element, item, depth + 1).AsSpan());
                return hasher.Finish();
            case { Abi: AbiBytesType { Length: null } bytes }:
                return Keccak256.Hash(AbiEncoder.Expect<AbiBytes>(bytes, value).Value.Span);
            case { Abi: AbiStringType text }:
                return Keccak256.Hash(AbiEncoder.Expect<AbiText>(text, value).Utf8.Span);
            case { Abi: { } abi }:
                return Bytes32.FromSpan(AbiEncoder.Encode(abi, value));
            // EIP-712 leaves null structs open; implementations (and viem) do not accept them, nor do we.
            default:
                return HashStruct(typeName, value, depth);
        }
    }

    private void Check(string typeName)
    {
        string? name = typeName;
        for (int depth = 0; name is not null; depth++)
        {
            Eip712Type type = TypeOf(name);
            if (depth > MaxDepth || type.Abi is AbiTupleType)
                throw new FormatException($"'{Hex.Shorten(typeName)}' is not a type of EIP-712.");
            name = type.Element;
        }
    }

    private void Collect(string structName, SortedSet<string> found)
    {
        if (!found.Add(structName))
            return;

        foreach (Eip712Field field in FieldsOf(structName))
        {
            int bracket = field.Type.IndexOf('[', StringComparison.Ordinal);
            string bare = bracket < 0 ? field.Type : field.Type[..bracket];
            if (_structs.ContainsKey(bare))
                Collect(bare, found);
        }
    }

    private static ArgumentException Unknown(string structName) => new($"There is no struct '{structName}' among the types.");
}

/// <summary>A resolved type name: exactly one of an ABI type, an array's element, or (both null) a struct.</summary>
internal sealed record Eip712Type(string Name, AbiType? Abi, string? Element, int? Length);
