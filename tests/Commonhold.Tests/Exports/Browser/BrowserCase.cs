using System.Text;
using Commonhold.Exports;

namespace Commonhold.Tests.Exports.Browser;

/// <summary>An export that the browser and the command line must take, or refuse, alike.</summary>
internal sealed record BrowserCase(string Name, string Schema, string FileName, byte[] Bytes, string? Descriptor = null)
{
    /// <summary>May refuse the descriptor.</summary>
    public ExportFormat Format() =>
        ExportFormats.ForSchema(Schema, Descriptor is null ? default : Encoding.UTF8.GetBytes(Descriptor))!;
}
