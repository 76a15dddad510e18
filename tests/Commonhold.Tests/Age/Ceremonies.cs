using Commonhold.Age;

namespace Commonhold.Tests.Age;

/// <summary>Runs whole ceremonies in process: every message passes through a list, as a relay would pass it.</summary>
internal static class Ceremonies
{
    internal static CeremonyTerms Terms(int threshold, int guardians) => new("test ceremony"u8.ToArray(), threshold, guardians);

    internal static List<KeyCeremony> Start(int threshold, int guardians, out List<X25519Identity> identities)
    {
        var made = identities = [.. Enumerable.Range(0, guardians).Select(_ => X25519Identity.Generate())];
        return [.. Enumerable.Range(1, guardians).Select(i => KeyCeremony.Start(Terms(threshold, guardians), i, made[i - 1]))];
    }

    /// <summary>Gives everybody everybody's message of a round, changed by <paramref name="tamper"/>.</summary>
    internal static void Exchange(List<KeyCeremony> ceremonies, int round, Func<int, byte[], byte[]>? tamper = null)
    {
        var messages = ceremonies.ConvertAll(c => c.MessageOf(round));
        foreach (var receiver in ceremonies)
        {
            for (var from = 1; from <= messages.Count; from++)
            {
                if (from == receiver.Self || messages[from - 1] is not { } message) continue;
                receiver.Accept(round, from, tamper is null ? message : tamper(from, message));
            }
        }
    }

    internal static List<KeyShare> Run(int threshold, int guardians)
    {
        var ceremonies = Start(threshold, guardians, out _);
        for (var round = 0; round < KeyCeremony.Rounds; round++) Exchange(ceremonies, round);
        return ceremonies.ConvertAll(c => c.Share ?? throw new InvalidOperationException(c.Fault?.Detail));
    }
}
