using Commonhold.Client;
using Commonhold.Ethereum;
using Microsoft.OpenApi;

namespace Commonhold.Server.Web;

/// <summary>The interface's description at <c>/openapi/v1.json</c>; our value types are the strings and numbers that they are on the wire.</summary>
internal static class OpenApi
{
    private static readonly Dictionary<Type, (JsonSchemaType Type, string? Pattern)> Values = new()
    {
        [typeof(Bytes32)] = (JsonSchemaType.String, "^0x[0-9a-f]{64}$"),
        [typeof(Address)] = (JsonSchemaType.String, "^0x[0-9a-fA-F]{40}$"),
        [typeof(Signature)] = (JsonSchemaType.String, "^0x[0-9a-f]{130}$"),
        [typeof(Points)] = (JsonSchemaType.String, "^[0-9]+$"),
        [typeof(Wei)] = (JsonSchemaType.String, "^[0-9]+$"),
        [typeof(BatchId)] = (JsonSchemaType.Integer, null),
        [typeof(GrantId)] = (JsonSchemaType.Integer, null),
    };

    public static IServiceCollection AddDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Commonhold node", Version = "1", Description = "What passes between members, validators, guardians, buyers and a node: docs/protocol.md. Refusals are RFC 9457 problem+json with a stable code." };
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (Values.TryGetValue(type, out var value))
                (schema.Type, schema.Pattern) = (value.Type, value.Pattern);
            return Task.CompletedTask;
        });
    });
}
