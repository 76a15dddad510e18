namespace Commonhold.Server.Accounts;

/// <param name="Session">Who is signed in, if anybody.</param>
internal sealed record AccountModel(string Name, SignedIn? Session, bool IsTrial, Uri? PublicUrl);
