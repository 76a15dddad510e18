using System.Reflection;
using System.Text.Json.Serialization;
using Commonhold.Client;

namespace Commonhold.Tests.Architecture;

/// <summary>On the wire what is null is absent, so a field that may be null must not be required when it is read.</summary>
public sealed class WireRecordTests
{
    [Fact]
    public void A_field_that_may_be_null_may_be_absent()
    {
        var nullability = new NullabilityInfoContext();
        var wrong = from type in typeof(WireJson).Assembly.GetExportedTypes()
                    where IsOnTheWire(type)
                    from parameter in type.GetConstructors().SelectMany(c => c.GetParameters())
                    where !parameter.HasDefaultValue && nullability.Create(parameter).WriteState == NullabilityState.Nullable
                    where type.GetProperty(parameter.Name!)?.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition != JsonIgnoreCondition.Never
                    select $"{type.Name}.{parameter.Name}";
        Assert.Empty(wrong.Distinct());
    }

    private static bool IsOnTheWire(Type type) =>
        typeof(WireJson).GetProperty(type.Name, BindingFlags.Public | BindingFlags.Instance)?.PropertyType.GenericTypeArguments.FirstOrDefault() == type;
}
