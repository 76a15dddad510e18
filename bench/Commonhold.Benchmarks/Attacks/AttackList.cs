using System.IO.Compression;
using System.Text;
using Commonhold.Cli.Demo;

namespace Commonhold.Benchmarks.Attacks;

/// <summary>An attack: what the attacker brings, and to whom it is compared.</summary>
/// <param name="NeedsMail">It attacks the e-mail proof and means nothing without one.</param>
/// <param name="IsLimit">Shows what no check can see, beside something else than its own files: told, and no part of the goal.</param>
internal sealed record Attack(string Name, Func<Scene, Task> PlayAsync, bool NeedsMail = false, bool IsLimit = false);

/// <summary>Every attack of the suite. Attackers adapt: they recompute the checkfile, invent accounts, and mint ids that fit their time.</summary>
internal static class AttackList
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("exact copy", async s =>
        {
            await s.HonestlyAsync(s.Victim);
            await s.AttackAsync(s.Victim);
        }),
        new("copy under another name", async s =>
        {
            await s.HonestlyAsync(s.Victim);
            await s.AttackAsync(s.Victim.As("somebody_else"));
        }),
        new("copy with new ids", async s =>
        {
            await s.HonestlyAsync(s.Victim);
            await s.AttackAsync(s.Victim.As("somebody_else").WithMintedIds(s.Cast.Curve, s.Random));
        }),
        new("zipped again", s => AgainAsync(s, export => ZipAgain(export.ToZip()))),
        new("shuffled rows", s => AgainAsync(s, export => export.Shuffled(s.Random).ToZip())),
        new("drifted headers", s => AgainAsync(s, export => export.Drifted(s.Random.Below(5)).ToZip())),
        new("replayed top-up", s => AgainAsync(s, export => export.ToZip())),
        new("shifted clock", s => AgainAsync(s, export => export.Shifted(-95).ToZip())),
        new("partial top-up", async s =>
        {
            await s.ComparedWithAsync(s.Own);
            foreach (var part in new[] { 0.3, 0.6, 0.6 })
                await s.AttackAsync(s.Own.Earlier(part), s.Mail(s.Own));
            await s.AttackAsync(s.Own, s.Mail(s.Own));
        }),
        .. new[] { 2, 5, 20 }.Select(parts => new Attack($"split in {parts}", async s =>
        {
            await s.ComparedWithAsync(s.Own);
            foreach (var (part, i) in s.Own.Split(parts).Select((p, i) => (p, i)))
                await s.AttackAsync(part, wallet: $"mallory {i}");
        })),
        new("split in 5, one proved", async s =>
        {
            await s.ComparedWithAsync(s.Own);
            foreach (var (part, i) in s.Own.Split(5).Select((p, i) => (p, i)))
                await s.AttackAsync(i == 0 ? part.As(s.Own.Account) : part, i == 0 ? s.Mail(s.Own) : null, $"mallory {i}");
        }),
        new("split, then whole and proved", async s =>
        {
            await s.ComparedWithAsync(s.Own);
            foreach (var (part, i) in s.Own.Split(2).Select((p, i) => (p, i)))
                await s.AttackAsync(part, wallet: $"mallory {i}");
            await s.AttackAsync(s.Own, s.Mail(s.Own), "mallory whole");
        }),
        .. new[] { 1, 10, 50 }.Select(percent => new Attack($"{percent} % edited", async s =>
        {
            await s.HonestlyAsync(s.Victim);
            await s.AttackAsync(s.Victim.As("somebody_else").Edited(percent, s.Cast.Words, s.Random).WithMintedIds(s.Cast.Curve, s.Random));
        })),
        new("paraphrased", async s =>
        {
            await s.HonestlyAsync(s.Victim);
            await s.AttackAsync(s.Victim.As("somebody_else").Paraphrased().WithMintedIds(s.Cast.Curve, s.Random));
        }),
        new("own, edited and again", async s =>
        {
            await s.HonestlyAsMalloryAsync(s.Own);
            await s.AttackAsync(s.Own.As("second_self").Edited(10, s.Cast.Words, s.Random).WithMintedIds(s.Cast.Curve, s.Random), wallet: "mallory 2");
        }),
        new("own votes again, invented name", async s =>
        {
            await s.HonestlyAsMalloryAsync(s.Own);
            await s.AttackAsync(s.Own.As("second_self").WithoutAuthored(), wallet: "mallory 2");
        }, IsLimit: true),
        new("union of two victims", async s =>
        {
            await s.HonestlyAsync(s.Victim);
            await s.HonestlyAsync(s.SecondVictim);
            await s.AttackAsync(s.Victim.With(s.SecondVictim).As("somebody_else"));
        }),
        new("union with new ids", async s =>
        {
            await s.HonestlyAsync(s.Victim);
            await s.HonestlyAsync(s.SecondVictim);
            await s.AttackAsync(s.Victim.With(s.SecondVictim).As("somebody_else").WithMintedIds(s.Cast.Curve, s.Random));
        }),
        new("fabricated account", async s =>
        {
            var fake = s.Fake();
            await s.ComparedWithAsync(fake);
            await s.AttackAsync(fake);
        }),
        new("fabricated for breadth", async s =>
        {
            var fake = s.Fake(Enumerable.Range(0, 500).Select(i => $"madeup{i}"));
            await s.ComparedWithAsync(fake);
            await s.AttackAsync(fake);
        }),
        new("the same, beside a real export", async s =>
        {
            await s.ComparedWithAsync(s.Own);
            await s.AttackAsync(s.Fake(Enumerable.Range(0, 500).Select(i => $"madeup{i}")));
        }, IsLimit: true),
        new("stolen, before the victim", async s =>
        {
            await s.ComparedWithAsync(s.Victim);
            await s.AttackAsync(s.Victim);
            await s.HonestlyAsync(s.Victim, isAfterAttack: true);
        }),
        new("stolen and renamed, before", async s =>
        {
            await s.ComparedWithAsync(s.Victim);
            await s.AttackAsync(s.Victim.As("somebody_else"));
            await s.HonestlyAsync(s.Victim, isAfterAttack: true);
        }),
        new("stolen under the thief's own proof", async s =>
        {
            await s.ComparedWithAsync(s.Victim);
            var stolen = s.Victim.As(s.Own.Account);
            await s.AttackAsync(stolen, s.Mail(stolen));
            await s.HonestlyAsync(s.Victim, isAfterAttack: true);
        }, NeedsMail: true),
        new("the same, from who proved nothing", async s =>
        {
            await s.ComparedWithAsync(s.Victim);
            await s.HonestlyAsync(s.Victim, isAfterAttack: true, isProved: false);
            var stolen = s.Victim.As(s.Own.Account);
            await s.AttackAsync(stolen, s.Mail(stolen));
            await s.HonestlyAsync(s.Victim, isAfterAttack: true);
        }, NeedsMail: true),
        new("mail replayed with the copy", async s =>
        {
            await s.HonestlyAsync(s.Victim);
            await s.AttackAsync(s.Victim.Earlier(0.9), s.Mail(s.Victim));
        }, NeedsMail: true),
        new("mail replayed for another", async s =>
        {
            await s.HonestlyAsync(s.Victim);
            var fake = s.Fake();
            await s.AttackAsync(fake, s.Mail(s.Victim));
            fake.Account = s.Victim.Account;
            await s.AttackAsync(fake, s.Mail(s.Victim));
        }, NeedsMail: true),
        new("mail of a key not in use", async s =>
        {
            var fake = s.Fake();
            await s.ComparedWithAsync(fake);
            foreach (var days in new[] { -400, -700 })
                await s.AttackAsync(fake, s.Provider.Message(fake.Account, fake.EmailAddress, s.Now.AddDays(days)));
        }, NeedsMail: true),
        new("mail of another key", async s =>
        {
            var fake = s.Fake();
            await s.ComparedWithAsync(fake);
            await s.AttackAsync(fake, s.Provider.Message(fake.Account, fake.EmailAddress, s.Now.AddHours(-1), isForged: true));
        }, NeedsMail: true),
        new("mail with text appended (l=)", async s =>
        {
            var fake = s.Fake();
            await s.ComparedWithAsync(fake);
            var mail = s.Provider.Message("x", fake.EmailAddress, s.Now.AddHours(-1), new DkimSigning { BodyBytes = 5 });
            var text = Encoding.ASCII.GetString(mail).Replace("u/x,", $"u/{fake.Account},", StringComparison.Ordinal);
            await s.AttackAsync(fake, Encoding.ASCII.GetBytes(text));
        }, NeedsMail: true),
    ];

    /// <summary>The attacker contributes honestly, then the same again in another form, from the same wallet and from others.</summary>
    private static async Task AgainAsync(Scene scene, Func<ForgedExport, byte[]> form)
    {
        await scene.HonestlyAsMalloryAsync(scene.Own);
        for (var i = 0; i < 2; i++)
            await scene.AttackAsync(form(scene.Own), scene.Mail(scene.Own));
        await scene.AttackAsync(form(scene.Own), scene.Mail(scene.Own), "mallory's friend");
        await scene.AttackAsync(form(scene.Own.As("second_self")), wallet: "mallory 2");
    }

    private static async Task HonestlyAsMalloryAsync(this Scene scene, ForgedExport export)
    {
        await scene.ComparedWithAsync(export);
        await scene.AttackAsync(export, scene.Mail(export));
    }

    /// <summary>An account out of nothing, in the shape of the attacker's own.</summary>
    private static ForgedExport Fake(this Scene scene, IEnumerable<string>? places = null) =>
        scene.Own.Fabricated("nobody_at_all", scene.Cast.Words, scene.Cast.Curve, scene.Random, places?.ToList());

    // Other compression, other order of entries, other times.
    private static byte[] ZipAgain(byte[] zip)
    {
        using var source = new ZipArchive(new MemoryStream(zip));
        var output = new MemoryStream();
        using (var copy = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries.Reverse())
            {
                using var from = entry.Open();
                using var to = copy.CreateEntry(entry.FullName, CompressionLevel.Fastest).Open();
                from.CopyTo(to);
            }
        }

        return output.ToArray();
    }
}
