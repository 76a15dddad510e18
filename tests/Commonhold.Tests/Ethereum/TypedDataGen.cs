using System.Numerics;
using Commonhold.Ethereum;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Ethereum;

/// <summary>Random structs that refer to each other, with values and domains.</summary>
internal static class TypedDataGen
{
    // A struct may refer to those behind it, so there is an end.
    private static readonly string[] Names = ["Mail", "Person", "Asset", "zeta"];

    public static Gen<TypedData> Messages { get; } =
        from types in Types()
        from domain in Domains()
        from message in ValueOf(types, "Mail")
        select new TypedData(domain, types, "Mail", message);

    private static Gen<Eip712Types> Types() => Names
        .Select((name, i) => (name, later: Names[(i + 1)..]))
        .Aggregate(
            Gen.Constant(Array.Empty<KeyValuePair<string, IReadOnlyList<Eip712Field>>>()),
            (before, next) =>
                from structs in before
                from fields in Fields(next.later)
                select (KeyValuePair<string, IReadOnlyList<Eip712Field>>[])[.. structs, new(next.name, fields)])
        .Select(structs => new Eip712Types(new Dictionary<string, IReadOnlyList<Eip712Field>>(structs)));

    private static Gen<Eip712Field[]> Fields(string[] later) =>
        from count in Gen.Choose(1, 4)
        from types in FieldType(later).ArrayOf(count)
        select types.Select((type, i) => new Eip712Field("f" + i, type)).ToArray();

    private static Gen<string> FieldType(string[] later)
    {
        Gen<string> atom = AbiGen.Elementary.Select(t => t.CanonicalName);
        Gen<string> single = later.Length == 0 ? atom : Gen.Frequency((2, atom), (1, Gen.Elements(later)));
        return from type in single
               from suffix in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Elements("[]", "[2]", "[][]", "[2][]")))
               select type + suffix;
    }

    private static Gen<AbiValue> ValueOf(Eip712Types types, string typeName)
    {
        Eip712Type type = types.TypeOf(typeName);
        if (type.Abi is { } abi)
            return AbiGen.ValueOf(abi);
        if (type.Element is { } element)
        {
            return (type.Length is { } length ? Gen.Constant(length) : Gen.Choose(0, 3))
                .SelectMany(n => ValueOf(types, element).ArrayOf(n)).Select(AbiValue.List);
        }

        return types.FieldsOf(typeName)
            .Aggregate(
                Gen.Constant(Array.Empty<AbiValue>()),
                (before, field) => from values in before from value in ValueOf(types, field.Type) select (AbiValue[])[.. values, value])
            .Select(AbiValue.List);
    }

    private static Gen<Eip712Domain> Domains() =>
        from mask in Gen.Choose(0, 31)
        from address in AbiGen.Bytes(20)
        from salt in AbiGen.Bytes(32)
        from chainId in Gen.Choose(1, int.MaxValue)
        select new Eip712Domain(
            (mask & 1) != 0 ? "Commonhold" : null,
            (mask & 2) != 0 ? "1" : null,
            (mask & 4) != 0 ? new BigInteger(chainId) : null,
            (mask & 8) != 0 ? Address.FromSpan(address) : null,
            (mask & 16) != 0 ? Bytes32.FromSpan(salt) : null);
}
