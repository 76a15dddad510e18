using Commonhold.Exports;
using Commonhold.Exports.ChatGpt;
using Commonhold.Exports.Netflix;
using Commonhold.Exports.Samples;
using Commonhold.Exports.Spotify;
using Commonhold.Exports.X;

namespace Commonhold.Tests.Exports.Providers;

/// <summary>A made-up export in one of the forms that its provider has sent.</summary>
internal sealed record ProviderForm(string Name, string Schema, Func<ulong, int, int, SampleArchive> Make, string FileName)
{
    public ExportFormat Format => ExportFormats.ForSchema(Schema)!;

    public bool IsSingle => !FileName.EndsWith(".zip", StringComparison.Ordinal);

    public byte[] Bytes(int account = 0, int rows = 120) => Bytes(Make(7, account, rows));

    public byte[] Bytes(SampleArchive archive)
    {
        using var output = new MemoryStream();
        if (IsSingle)
            archive.WriteSingle(output);
        else
            archive.WriteZip(output);
        return output.ToArray();
    }

    public override string ToString() => Name;
}

/// <summary>Every form of every provider's export that is read on the member's machine.</summary>
internal static class ProviderForms
{
    public static IReadOnlyList<ProviderForm> All { get; } =
    [
        .. Of<XForm>("x-archive-v1", XSample.Make, "twitter.zip"),
        .. Of<ChatGptForm>("chatgpt-conversations-v1", ChatGptSample.Make, "chatgpt.zip"),
        .. Of<SpotifyForm>("spotify-history-v1", SpotifySample.Make, "my_spotify_data.zip"),
        Netflix(NetflixForm.Archive, "netflix-report.zip"),
        Netflix(NetflixForm.Activity, "ViewingActivity.csv"),
        Netflix(NetflixForm.History, "NetflixViewingHistory.csv"),
    ];

    public static TheoryData<string> Names => [.. All.Select(f => f.Name)];

    public static ProviderForm Named(string name) => All.Single(f => f.Name == name);

    private static IEnumerable<ProviderForm> Of<T>(string schema, Func<ulong, int, int, T, SampleArchive> make, string fileName)
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(form => new ProviderForm($"{schema}, {form}", schema, (seed, account, rows) => make(seed, account, rows, form), fileName));

    private static ProviderForm Netflix(NetflixForm form, string fileName) => new(
        $"netflix-history-v1, {form}", "netflix-history-v1", (seed, account, rows) => NetflixSample.Make(seed, account, rows, form), fileName);
}
