using Commonhold.Exports.Reddit;

namespace Commonhold.Benchmarks.Attacks;

/// <summary>The exports of an attack run and who they belong to: the crowd that has contributed, and those who come now.</summary>
/// <param name="Crowd">Have contributed before the attack.</param>
/// <param name="Others">Have not: victims, attackers' own, honest newcomers.</param>
internal sealed record AttackCast(IReadOnlyList<ForgedExport> Crowd, IReadOnlyList<ForgedExport> Others)
{
    /// <summary>Everybody's words, for whoever makes up text.</summary>
    public IReadOnlyList<string> Words { get; } =
        [.. Crowd.SelectMany(e => e.Rows("comments")).SelectMany(r => r[^2].Split(' ')).Where(w => w.Length > 1 && w.All(char.IsLetter)).Distinct().Order(StringComparer.Ordinal)];

    public IdCurve Curve { get; } = new([.. Crowd, .. Others]);

    public IEnumerable<ForgedExport> Everybody => Crowd.Concat(Others);

    /// <summary>A day after the last export was made.</summary>
    public DateTimeOffset Now { get; } = Crowd.Concat(Others).Max(e => e.ExportedAt).AddDays(1);

    /// <param name="folder">Exports in real form; sample exports are made when it is null.</param>
    public static async Task<AttackCast> LoadAsync(string? folder, int people, CancellationToken cancellationToken)
    {
        var exports = new List<ForgedExport>();
        if (folder is not null)
        {
            foreach (var path in Directory.GetFiles(folder, "*.zip").Order(StringComparer.Ordinal).Take(people))
                exports.Add(ForgedExport.Read(await File.ReadAllBytesAsync(path, cancellationToken)));
        }
        else
        {
            foreach (var sample in SampleExports.Plan(people))
            {
                using var zip = new MemoryStream();
                await sample.WriteAsync(zip, cancellationToken);
                exports.Add(ForgedExport.Read(zip.ToArray()));
            }
        }

        var crowd = exports.Count * 5 / 8;
        return new AttackCast([.. exports.Take(crowd)], [.. exports.Skip(crowd)]);
    }
}
