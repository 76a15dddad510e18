using System.Text.Json;

namespace Commonhold.Cli.Chain;

/// <summary>The chain's state on disk: `state.json` is always whole; `exit.json` is what anvil writes as it ends, perhaps cut short.</summary>
internal sealed class AnvilState
{
    private readonly string current;
    private readonly string atExit;

    public AnvilState(string directory)
    {
        current = Path.Combine(directory, "state.json");
        atExit = Path.Combine(directory, "exit.json");
        AdoptWhatAnvilSaved();
    }

    public string? Current => File.Exists(current) ? current : null;

    public IEnumerable<string> Arguments() =>
        Current is null ? ["--dump-state", atExit] : ["--load-state", current, "--dump-state", atExit];

    public async Task SaveAsync(byte[] json, CancellationToken cancellationToken)
    {
        var temporary = current + ".new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(json, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, current, overwrite: true);
    }

    public void AdoptWhatAnvilSaved()
    {
        if (!File.Exists(atExit))
            return;
        if (IsWhole(atExit) && File.GetLastWriteTimeUtc(atExit) >= File.GetLastWriteTimeUtc(current))
            File.Move(atExit, current, overwrite: true);
        else
            File.Delete(atExit);
    }

    // anvil writes in place: a machine that stopped meanwhile leaves half a document.
    private static bool IsWhole(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var document = JsonDocument.Parse(file);
            return document.RootElement.TryGetProperty("accounts", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
