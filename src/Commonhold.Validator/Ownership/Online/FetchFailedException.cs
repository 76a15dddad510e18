using Commonhold.Client;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>Nothing was fetched. Carries no inner exception: those quote URLs.</summary>
/// <param name="isTransient">True when the same fetch may succeed later: the host is down, slow or busy.</param>
internal sealed class FetchFailedException(string code, string detail, string? hint = null, bool isTransient = false)
    : CommonholdException(new Refusal(code, detail, hint), isTransient);
