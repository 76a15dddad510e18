using System.Data;
using System.Globalization;
using Commonhold.Client;
using Commonhold.Ethereum;
using Dapper;

namespace Commonhold.Server.Storage;

/// <summary>How our value types stand in columns: digests, accounts, points and signatures as the text that the protocol uses.</summary>
internal static class TypeHandlers
{
    private static readonly Lazy<bool> Registered = new(() =>
    {
        SqlMapper.AddTypeHandler(new TextHandler<Bytes32>(Bytes32.Parse));
        SqlMapper.AddTypeHandler(new TextHandler<Address>(Address.Parse));
        SqlMapper.AddTypeHandler(new TextHandler<Signature>(Signature.Parse));
        SqlMapper.AddTypeHandler(new TextHandler<Points>(text => new Points(UInt128.Parse(text, CultureInfo.InvariantCulture))));
        SqlMapper.AddTypeHandler(new TextHandler<Wei>(text => new Wei(System.Numerics.BigInteger.Parse(text, CultureInfo.InvariantCulture))));
        return true;
    });

    public static void Register() => _ = Registered.Value;

    private sealed class TextHandler<T>(Func<string, T> parse) : SqlMapper.TypeHandler<T>
    {
        public override T Parse(object value) => parse((string)value);

        public override void SetValue(IDbDataParameter parameter, T? value)
        {
            parameter.DbType = DbType.String;
            parameter.Value = value!.ToString();
        }
    }
}
