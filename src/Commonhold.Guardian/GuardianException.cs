using Commonhold.Client;

namespace Commonhold.Guardians;

/// <summary>The world around a guardian failed: its disk, its chain node, the dataset's node.</summary>
internal sealed class GuardianException(string code, string detail, string? hint, Exception? inner = null, bool isTransient = false)
    : CommonholdException(new Refusal(code, detail, hint), isTransient, inner)
{
    public string Code => Refusal!.Code;
}
