namespace Commonhold.Benchmarks.Attacks;

/// <summary>One try of one attack: the attacker, the victims, and what everybody was paid.</summary>
internal sealed class Scene(AttackWorld world, AttackCast cast, AttackPolicy policy, TrialProvider provider, int round) : IDisposable
{
    private readonly List<string> _codes = [];

    public AttackRandom Random { get; } = new((ulong)round + 1);

    public AttackCast Cast => cast;

    public TrialProvider Provider => provider;

    /// <summary>The attacker's own real account, not contributed yet.</summary>
    public ForgedExport Own => Person(0);

    public ForgedExport Victim => Person(1);

    public ForgedExport SecondVictim => Person(2);

    /// <summary>Paid to the attacker's wallets.</summary>
    public double Gained { get; private set; }

    /// <summary>What the same files are paid when honest owners contribute them once, with all the proof that the policy asks for.</summary>
    public double Honest { get; private set; }

    /// <summary>Contributions of the attacker that were taken.</summary>
    public int Taken { get; private set; }

    /// <summary>Why the others were not, most frequent first.</summary>
    public IReadOnlyList<string> Codes => [.. _codes.CountBy(c => c).OrderByDescending(c => c.Value).Select(c => c.Key)];

    /// <summary>Set when an honest person was turned away because of the attack.</summary>
    public string? Hurt { get; private set; }

    /// <summary>Paid to victims who came after the attacker.</summary>
    public double Left { get; private set; }

    public bool HasLater { get; private set; }

    public bool HasMail => policy.HasMail;

    public DateTimeOffset Now => cast.Now;

    /// <summary>The message that the provider sent to the owner of this account; null where the policy asks for none.</summary>
    public byte[]? Mail(ForgedExport export) => HasMail ? provider.Message(export.Account, export.EmailAddress, cast.Now.AddHours(-2)) : null;

    /// <summary>The owner contributes honestly, and what the attack is held against grows by the reward.</summary>
    public async Task HonestlyAsync(ForgedExport export, bool isAfterAttack = false, bool isProved = true)
    {
        var outcome = await world.ContributeAsync($"owner of {export.Account}", export, isProved ? Mail(export) : null);
        // Where the policy asks for a proof, who gives none is turned away by it and not by the attack.
        if (!outcome.Accepted && isProved)
            Hurt = outcome.Code;
        HasLater |= isAfterAttack;
        if (isAfterAttack)
            Left += outcome.Points;
        else
            Honest += outcome.Points;
    }

    /// <summary>What the owner would have been paid, in a world without the attack.</summary>
    public async Task ComparedWithAsync(ForgedExport export)
    {
        using var elsewhere = world.Fork();
        var outcome = await elsewhere.ContributeAsync($"owner of {export.Account}", export, Mail(export));
        if (!outcome.Accepted)
            throw new InvalidOperationException($"The honest export of {export.Account} is refused: {outcome.Code}.");
        Honest += outcome.Points;
    }

    /// <summary>The attacker contributes.</summary>
    public async Task AttackAsync(ForgedExport export, byte[]? mail = null, string wallet = "mallory") => Count(await world.ContributeAsync(wallet, export, mail));

    public async Task AttackAsync(byte[] zip, byte[]? mail = null, string wallet = "mallory") => Count(await world.ContributeAsync(wallet, zip, mail, default));

    public void Dispose() => world.Dispose();

    private ForgedExport Person(int number) => cast.Others[((round * 3) + number) % cast.Others.Count];

    private void Count(Outcome outcome)
    {
        Gained += outcome.Points;
        if (outcome.Accepted)
            Taken++;
        else
            _codes.Add(outcome.Code ?? "refused");
    }
}
