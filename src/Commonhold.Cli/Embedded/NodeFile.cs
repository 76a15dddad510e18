using System.Text.Json;
using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Embedded;

/// <summary>`node.json`: where the running embedded node answers, for the other verbs on this machine.</summary>
internal sealed record NodeFile(Uri Node, Uri Rpc, IReadOnlyList<Uri> Guardians, int ProcessId)
{
    private static string PathIn(CommonholdHome home) => Path.Combine(home.Root, "node.json");

    public static async Task<NodeFile?> ReadAsync(CommonholdHome home, CancellationToken cancellationToken)
    {
        if (!File.Exists(PathIn(home)))
            return null;
        await using var file = File.OpenRead(PathIn(home));
        return await JsonSerializer.DeserializeAsync<NodeFile>(file, JsonSerializerOptions.Web, cancellationToken).ConfigureAwait(false);
    }

    public static async Task<Uri> RpcAsync(CommonholdHome home, CancellationToken cancellationToken) =>
        (await ReadAsync(home, cancellationToken).ConfigureAwait(false))?.Rpc
        ?? throw new CommandFailedException("no chain node is given", "--rpc URL, or start the embedded one: commonhold up", ExitCode.Usage);

    public void Write(CommonholdHome home) =>
        Client.PrivateFile.Replace(PathIn(home), JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web));

    public static void Delete(CommonholdHome home) => File.Delete(PathIn(home));
}
