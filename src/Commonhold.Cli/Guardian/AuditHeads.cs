using System.Text.Json;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians.Audit;

namespace Commonhold.Cli.Guardian;

/// <summary>Where each guardian's log ended at the last audit on this machine.</summary>
internal sealed class AuditHeads(CommonholdHome home, Address dao)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new Bytes32JsonConverter() } };

    private string FilePath => Path.Combine(home.Root, $"audit-{dao.ToLowerString()}.json");

    public async Task<IReadOnlyDictionary<uint, LogHead>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(FilePath))
            return new Dictionary<uint, LogHead>();
        try
        {
            await using var file = File.OpenRead(FilePath);
            return await JsonSerializer.DeserializeAsync<Dictionary<uint, LogHead>>(file, Options, cancellationToken).ConfigureAwait(false) ?? [];
        }
        catch (JsonException e)
        {
            throw new CommandFailedException($"{FilePath} is damaged: {e.Message}", "without it a log that was written anew is not noticed; remove it to begin again");
        }
    }

    public void Write(IReadOnlyDictionary<uint, LogHead> known, AuditReport report)
    {
        Dictionary<uint, LogHead> heads = new(known);
        // Only of logs that are whole and continue what was known: a fault must not become what is expected.
        foreach (var guardian in report.Guardians.Where(guardian =>
            guardian.Findings.All(finding => finding.Code is not (AuditCodes.Unreachable or AuditCodes.ChainBroken or AuditCodes.Rewritten))))
            heads[guardian.Guardian] = guardian.Head;
        PrivateFile.Replace(FilePath, JsonSerializer.SerializeToUtf8Bytes(heads, Options));
    }
}
