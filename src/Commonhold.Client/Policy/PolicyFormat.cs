using System.Text;
using Commonhold.Exports;

namespace Commonhold.Client;

/// <summary>The format of a dataset: one that this program knows by its schema's name, or the one that the policy describes.</summary>
public static class PolicyFormat
{
    /// <returns>Refused as <c>dataset.schema_unknown</c>, or as the descriptor is (<c>descriptor.invalid</c>, …).</returns>
    public static Result<ExportFormat> Of(ContributionPolicy policy)
    {
        try
        {
            var descriptor = policy.Descriptor is { } given ? Encoding.UTF8.GetBytes(given.GetRawText()) : null;
            return ExportFormats.ForSchema(policy.Schema, descriptor) is { } format
                ? format
                : new Refusal(
                    "dataset.schema_unknown", $"The dataset takes '{policy.Schema}', which this program does not know and its policy does not describe.",
                    "Update this program.");
        }
        catch (ExportRefusedException refused)
        {
            return refused.Refusal.ToRefusal();
        }
    }
}
