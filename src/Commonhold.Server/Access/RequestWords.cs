using Commonhold.Client;

namespace Commonhold.Server.Access;

/// <summary>A request's states in words.</summary>
internal static class RequestWords
{
    public static string Title(RequestView view) => view.OpenedAt is null ? $"Request {view.RequestId}" : $"Grant {view.RequestId}";

    public static string State(RequestState state) => state switch
    {
        RequestState.Requested => "asked",
        RequestState.Granted => "open",
        RequestState.Ended => "ended",
        RequestState.Revoked => "ended by vote",
        _ => "paid back",
    };

    public static string Kind(RequestState state) => state switch
    {
        RequestState.Requested => "info",
        RequestState.Granted => "good",
        RequestState.Revoked => "bad",
        _ => "",
    };

    public static string Shortened(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}
