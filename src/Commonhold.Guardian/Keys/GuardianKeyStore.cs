namespace Commonhold.Guardians.Keys;

/// <summary>Writes the key file back under the passphrase and the cost that it was opened with.</summary>
internal sealed class GuardianKeyStore(GuardianDirectory directory, Passphrase passphrase)
{
    public GuardianDirectory Directory => directory;

    public async Task SaveAsync(GuardianKeys keys, CancellationToken cancellationToken) => await GuardianKeyFile.SaveAsync(
        directory.KeyFile, keys, passphrase, cancellationToken,
        await GuardianKeyFile.WorkFactorAsync(directory.KeyFile, cancellationToken));
}
