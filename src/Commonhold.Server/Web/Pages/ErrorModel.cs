using Commonhold.Client;

namespace Commonhold.Server.Web.Pages;

/// <summary>A refusal as a page.</summary>
internal sealed record ErrorModel(Refusal Refusal, int Status)
{
    /// <summary>It ends by itself.</summary>
    public bool CanWait => Status is 503 or 504;
}
