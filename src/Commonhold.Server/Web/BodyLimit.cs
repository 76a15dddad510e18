using Microsoft.AspNetCore.Http.Metadata;

namespace Commonhold.Server.Web;

/// <summary>The longest body that one address takes, where that is not what all take.</summary>
internal sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;

    /// <summary>What so many bytes are in base64.</summary>
    public static long Base64(long bytes) => (bytes + 2) / 3 * 4;
}
