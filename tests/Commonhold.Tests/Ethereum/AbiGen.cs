using System.Numerics;
using Commonhold.Ethereum;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Ethereum;

/// <summary>Random ABI types with values that fit them.</summary>
internal static class AbiGen
{
    private static readonly string[] Texts = ["", "a", "hello", "Grüße", "数据", "😀 emoji", "line\nbreak \"quoted\" \\ back", new('x', 31), new('y', 32), new('z', 33)];

    public static Gen<AbiType> Elementary { get; } = Gen.OneOf(
        from bits in Gen.Choose(1, 32)
        from signed in Gen.Elements(true, false)
        select (AbiType)new AbiIntegerType(bits * 8, signed),
        Gen.Constant(AbiType.Bool),
        Gen.Constant(AbiType.Address),
        Gen.Choose(1, 32).Select(length => (AbiType)new AbiBytesType(length)),
        Gen.Constant(AbiType.Bytes),
        Gen.Constant(AbiType.Text));

    public static Gen<(AbiType Type, AbiValue Value)> TypedValue { get; } =
        from type in TypeOf(3)
        from value in ValueOf(type)
        select (type, value);

    /// <summary>A few parameters at once, as a function has them.</summary>
    public static Gen<(AbiType Type, AbiValue Value)[]> Parameters { get; } =
        from count in Gen.Choose(1, 5)
        from parameters in TypedValue.ArrayOf(count)
        select parameters;

    public static Gen<AbiType> TypeOf(int depth) => depth == 0
        ? Elementary
        : Gen.Frequency(
            (4, Elementary),
            (1, TypeOf(depth - 1).Select(AbiType.Array)),
            (1, from element in TypeOf(depth - 1) from length in Gen.Choose(1, 3) select AbiType.FixedArray(element, length)),
            (1, from count in Gen.Choose(1, 4)
                from components in TypeOf(depth - 1).ArrayOf(count)
                select AbiType.Tuple([.. components.Select((c, i) => new AbiParameter("f" + i, c))])));

    public static Gen<AbiValue> ValueOf(AbiType type) => type switch
    {
        AbiIntegerType integer => Integer(integer).Select(AbiValue.From),
        AbiBoolType => Gen.Elements(true, false).Select(AbiValue.From),
        AbiAddressType => Bytes(20).Select(b => AbiValue.From(Address.FromSpan(b))),
        AbiBytesType { Length: int length } => Bytes(length).Select(b => AbiValue.From(b)),
        AbiBytesType => Gen.Choose(0, 70).SelectMany(Bytes).Select(b => AbiValue.From(b)),
        AbiStringType => Gen.Elements(Texts).Select(AbiValue.From),
        AbiArrayType { Length: int length } array => ValueOf(array.Element).ArrayOf(length).Select(AbiValue.List),
        AbiArrayType array => Gen.Choose(0, 4).SelectMany(n => ValueOf(array.Element).ArrayOf(n)).Select(AbiValue.List),
        AbiTupleType tuple => tuple.Components
            .Aggregate(
                Gen.Constant(Array.Empty<AbiValue>()),
                (before, component) => from values in before from value in ValueOf(component.Type) select (AbiValue[])[.. values, value])
            .Select(AbiValue.List),
        _ => throw new InvalidOperationException(),
    };

    public static Gen<byte[]> Bytes(int count) => Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(count);

    private static Gen<BigInteger> Integer(AbiIntegerType type)
    {
        BigInteger most = BigInteger.Pow(2, type.IsSigned ? type.Bits - 1 : type.Bits) - 1;
        BigInteger least = type.IsSigned ? -most - 1 : 0;
        return Gen.Frequency(
            (1, Gen.Elements(least, most, BigInteger.Zero, BigInteger.One)),
            (3, Bytes(type.Bits / 8).Select(b => Within(new BigInteger(b, isUnsigned: !type.IsSigned), least, most))));
    }

    private static BigInteger Within(BigInteger value, BigInteger least, BigInteger most) => BigInteger.Max(least, BigInteger.Min(most, value));
}
