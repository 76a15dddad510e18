using Commonhold.Age;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Keys;

/// <summary>Everything secret that a guardian has: its account, its own age identity, and one key share an epoch.</summary>
/// <remarks>Wiped when disposed. Immutable but for the shares, which the key ceremony adds.</remarks>
internal sealed class GuardianKeys(Secp256k1Key account, X25519Identity identity, IReadOnlyList<HeldShare> shares) : IDisposable
{
    private volatile IReadOnlyList<HeldShare> _shares = shares;

    /// <summary>Signs ceremony messages and the guardian's own transactions.</summary>
    public Secp256k1Key Account => account;

    /// <summary>Opens what other guardians send in a ceremony, and this guardian's own saved ceremony.</summary>
    public X25519Identity Identity => identity;

    public IReadOnlyList<HeldShare> Shares => _shares;

    public static GuardianKeys Generate() => new(Secp256k1Key.Generate(), X25519Identity.Generate(), []);

    /// <summary>The share for one epoch of one DAO; null when there is none.</summary>
    public KeyShare? ShareFor(ulong chainId, Address guardianRegistry, uint epoch) =>
        _shares.FirstOrDefault(held => held.ChainId == chainId && held.GuardianRegistry == guardianRegistry && held.Epoch == epoch)?.Share;

    public void Add(HeldShare share) => _shares = [.. _shares, share];

    public void Dispose()
    {
        account.Dispose();
        identity.Dispose();
        foreach (var held in _shares)
            held.Share.Dispose();
    }
}

/// <summary>A key share and what it is for, so that it never answers for another DAO or chain.</summary>
internal sealed record HeldShare(ulong ChainId, Address GuardianRegistry, uint Epoch, KeyShare Share);
