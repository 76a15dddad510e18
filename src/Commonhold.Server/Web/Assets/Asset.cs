using System.Text.Json.Serialization;

namespace Commonhold.Server.Web.Assets;

/// <summary>A script or style as web/build.mjs made it: named by its digest, so that it may be kept for ever.</summary>
/// <param name="File">Its name under <c>/assets/</c>.</param>
/// <param name="Integrity">For the tag that loads it: <c>sha384-…</c> (W3C Subresource Integrity).</param>
/// <param name="Bytes">Its length.</param>
/// <param name="CompressedBytes">Its length in Brotli, which is what a browser loads.</param>
internal sealed record Asset(
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("integrity")] string Integrity,
    [property: JsonPropertyName("bytes")] long Bytes,
    [property: JsonPropertyName("compressedBytes")] long CompressedBytes)
{
    public string Path => "/assets/" + File;
}
