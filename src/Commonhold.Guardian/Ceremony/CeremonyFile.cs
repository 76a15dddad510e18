using Commonhold.Age;
using Commonhold.Guardians.Keys;

namespace Commonhold.Guardians.Ceremony;

/// <summary>A ceremony between two runs of a guardian: sealed to the guardian's own identity, whole or not there.</summary>
internal sealed class CeremonyFile(string path, GuardianKeys keys)
{
    private const int MaxBytes = 32 << 20;

    /// <summary>The ceremony that was begun, or a new one.</summary>
    /// <exception cref="GuardianException">What is there cannot be continued.</exception>
    public KeyCeremony OpenOrStart(CeremonyPlan plan)
    {
        if (!File.Exists(path))
            return KeyCeremony.Start(plan.Terms, plan.Self, keys.Identity);
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new FormatException("it is too large");
            using var state = AgeFile.Open(File.ReadAllBytes(path), keys.Identity);
            var ceremony = KeyCeremony.Restore(state.Span, keys.Identity);
            if (ceremony.Self == plan.Self && ceremony.Terms.Id.Span.SequenceEqual(plan.Terms.Id.Span))
                return ceremony;
            ceremony.Dispose();
            throw new FormatException("it belongs to another ceremony");
        }
        catch (Exception e) when (e is AgeException or FormatException)
        {
            throw new GuardianException(
                ReleaseCodes.CeremonyFailed, $"{path} cannot be continued: {e.Message}",
                "Restore it from a backup. Without it this epoch cannot get a key, and the DAO must start another by vote.", e);
        }
    }

    public async Task SaveAsync(KeyCeremony ceremony, CancellationToken cancellationToken)
    {
        byte[] file;
        using (var state = ceremony.Save())
            file = AgeFile.Seal(state.Span, keys.Identity.Recipient);
        await DurableFile.WriteAsync(path, file, cancellationToken);
    }

    /// <summary>The polynomial is not needed any more once the share is kept; what is gone cannot be stolen.</summary>
    public void Delete() => File.Delete(path);
}
