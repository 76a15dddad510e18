using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;

namespace Commonhold.Server.Creation;

/// <summary>Helps somebody to create another DAO: keeps what was typed, says what it means, and hands out settings and code.</summary>
/// <remarks>Guarantee: settings and code are those that the command line would deploy. Trust: none is needed; the browser holds the settings
/// against what was typed and the code against its published digests, makes the eight deployments itself, and signs them with a key of its own.
/// Flow: a page a step → settings → a file for the command line, or settings and code for the browser.</remarks>
internal sealed class CreationDesk(DraftShelf shelf, Dao dao, NodeOptions options)
{
    public async Task<CreateModel> ShowAsync(CreationStep? step, string? token, CancellationToken cancellationToken)
    {
        var draft = await shelf.FindAsync(token, cancellationToken);
        return Model(step, draft ?? new DaoDraft(), draft is not null, []);
    }

    /// <summary>What a step would look like with these words, and what is wrong with them.</summary>
    public CreateModel Consider(CreationStep step, DaoDraft draft) => Model(step, draft, true, DraftReader.Check(draft, step));

    public async Task<Result<DaoSettings>> SettingsAsync(string? token, CancellationToken cancellationToken)
    {
        if (await shelf.FindAsync(token, cancellationToken) is not { } draft)
            return new Refusal("creation.no_draft", "This browser has no draft of a DAO here.", "Begin at /create.");
        return DraftReader.ToSettings(draft) is { } settings ? settings
            : new Refusal("creation.unfinished", "The draft is not finished.", $"Go on at /create/{CreateModel.SlugOf(DraftReader.FirstUnfinished(draft) ?? CreationStep.Name)}.");
    }

    /// <summary>What the browser makes the deployments of.</summary>
    public async Task<Result<CreationParts>> PartsAsync(string? token, CancellationToken cancellationToken) =>
        (await SettingsAsync(token, cancellationToken)).TryGet(out var settings, out var refusal)
            ? new CreationParts(dao.ChainId, JsonNode.Parse(DaoSettingsFile.Write(settings))!,
                [.. CreatedContract.All.Select(contract => new CreationCode(contract.Name, Hex.Encode(contract.CreationCode.Span)))])
            : refusal;

    private CreateModel Model(CreationStep? step, DaoDraft draft, bool hasDraft, IReadOnlyList<DraftProblem> problems)
    {
        var settings = DraftReader.ToSettings(draft);
        return new CreateModel(step, draft, hasDraft, problems, settings is null ? DraftReader.FirstUnfinished(draft) : null, settings, options.PublicRpc, dao.ChainId, options.Trial is not null);
    }
}

/// <summary><c>GET /v1/creation</c>.</summary>
/// <param name="Settings">As the settings file has them.</param>
internal sealed record CreationParts(ulong ChainId, JsonNode Settings, IReadOnlyList<CreationCode> Codes);

/// <param name="Code">0x and hexadecimal digits, without arguments.</param>
internal sealed record CreationCode(string Contract, string Code);
