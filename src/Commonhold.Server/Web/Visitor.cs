using Commonhold.Ethereum;

namespace Commonhold.Server.Web;

/// <summary>Who is looking, for the frame of every page: a request's feature, set once the session is known.</summary>
internal sealed record Visitor(Address Address);
