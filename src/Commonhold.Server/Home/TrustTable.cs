namespace Commonhold.Server.Home;

/// <summary>Who can read what of a contribution (docs/threat-model.md), in the words of the first page.</summary>
internal static class TrustTable
{
    public static IReadOnlyList<(string Party, string Reads)> Rows(uint threshold, int guardians) =>
    [
        ("The member", "Their own files, always."),
        ("This node, its storage and database, the chain, the relayer", "Ciphertext and the public list of contributions; never a key, never content."),
        ("One validator", "One file, once, when it is contributed; destroyed after the verdict. A dishonest one could keep what it saw: here trust remains."),
        ($"Fewer than {threshold} of the {guardians} guardians", "Nothing."),
        ($"{threshold} or more of the {guardians} guardians together", "What an active grant covers, sealed to that grant's key only."),
        ("A buyer with a raw grant", "The contributions in its scope while the grant runs; what was read cannot be unread."),
        ("A worker", "Plaintext in memory, in a sandbox without network, for one grant; only its checked output leaves."),
    ];
}
