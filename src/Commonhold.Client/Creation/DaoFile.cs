using Commonhold.Ethereum;
using System.Text.Json;

namespace Commonhold.Client;

/// <summary><c>dao.json</c>: where a DAO is, for the programs that serve it. Nothing in it is secret or trusted: the chain is asked again.</summary>
/// <param name="FirstBlock">No event of this DAO is older: an indexer starts here.</param>
/// <param name="TrialCurrency">A worthless currency that anyone can mint, on a trial DAO.</param>
public sealed record DaoFile(ulong ChainId, ulong FirstBlock, DaoContracts Contracts, DaoSettings Settings, Address? TrialCurrency = null)
{
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Options = new(WireJson.Default.Options)
    {
        WriteIndented = true,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    public int Version { get; init; } = CurrentVersion;

    /// <exception cref="CommonholdException">The file is not there or not whole.</exception>
    public static async Task<DaoFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream file = File.OpenRead(path);
            DaoFile? dao = await JsonSerializer.DeserializeAsync<DaoFile>(file, Options, cancellationToken);
            return dao is { Version: CurrentVersion }
                ? dao
                : throw new CommonholdException(new Refusal("dao.file_version", $"{path} is of version {dao?.Version}, not {CurrentVersion}."));
        }
        catch (FileNotFoundException e)
        {
            throw new CommonholdException(new Refusal("dao.file_missing", $"There is no {path}.", "commonhold dao create"), innerException: e);
        }
        catch (JsonException e)
        {
            throw new CommonholdException(new Refusal("dao.file_damaged", $"{path} is not a DAO's file: {e.Message}"), innerException: e);
        }
    }

    /// <summary>What <see cref="WriteAsync"/> writes.</summary>
    public byte[] ToJsonBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Replaces the file in one step.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        string temporary = path + ".new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await JsonSerializer.SerializeAsync(file, this, Options, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
