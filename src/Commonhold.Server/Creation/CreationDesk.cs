using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;

namespace Commonhold.Server.Creation;

/// <summary>Helps somebody to create another DAO: keeps what was typed, says what it means, and computes the eight deployments.</summary>
/// <remarks>Guarantee: what it computes is what the command line would deploy: the same settings, the same plan. Trust: it holds no key and sends
/// nothing; a key made in the browser signs, and the browser holds the finished contracts against what was typed. Flow: a page a step →
/// settings → a file for the command line, or a plan for the browser.</remarks>
internal sealed class CreationDesk(DraftShelf shelf, Dao dao, EthereumNode node, NodeOptions options, TimeProvider time)
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

    public async Task<Result<CreationPlan>> PlanAsync(string? token, Address deployer, CancellationToken cancellationToken)
    {
        if (!(await SettingsAsync(token, cancellationToken)).TryGet(out var settings, out var refusal))
            return refusal;
        var plan = DaoPlan.Make(settings, deployer);
        var price = await new DaoCreator(node, time).PriceAsync(settings, deployer, cancellationToken);
        return new CreationPlan(
            dao.ChainId, deployer, settings.Name, plan.Contracts, price,
            [.. plan.Deployments.Select(deployment => new PlannedDeployment(deployment.Contract, deployment.Address, Hex.Encode(deployment.InitCode.Span), DaoCreator.GasLimit(deployment)))],
            new PlannedFacts(settings.Name, settings.SchemaName, ContributionPolicy.DigestOf(settings.Policy), settings.Guardians, settings.GuardianThreshold,
                settings.Validators, settings.ValidatorThreshold, settings.Split.OperatorsBps, settings.Split.TreasuryBps, settings.Symbol, settings.Rules.VotingPeriod, settings.Rules.TimelockDelay),
            JsonNode.Parse(new DaoFile(dao.ChainId, 0, plan.Contracts, settings).ToJsonBytes())!);
    }

    private CreateModel Model(CreationStep? step, DaoDraft draft, bool hasDraft, IReadOnlyList<DraftProblem> problems)
    {
        var settings = DraftReader.ToSettings(draft);
        return new CreateModel(step, draft, hasDraft, problems, settings is null ? DraftReader.FirstUnfinished(draft) : null, settings, options.PublicRpc, dao.ChainId, options.Trial is not null);
    }
}

/// <summary><c>GET /v1/creation/plan</c>: every transaction of a creation, for the browser that signs them.</summary>
/// <param name="Price">Wei that it may cost at today's prices, with a reserve.</param>
/// <param name="DaoFile">dao.json but for its first block, which the browser knows when it begins.</param>
internal sealed record CreationPlan(
    ulong ChainId, Address Deployer, string Name, DaoContracts Contracts, Wei Price, IReadOnlyList<PlannedDeployment> Deployments, PlannedFacts Facts, JsonNode DaoFile);

/// <param name="InitCode">0x and hexadecimal digits: the data of the transaction.</param>
internal sealed record PlannedDeployment(string Contract, Address Address, string InitCode, ulong GasLimit);

/// <summary>What the finished contracts have to say; the browser asks them.</summary>
internal sealed record PlannedFacts(
    string Name, string SchemaName, Bytes32 PolicyDigest, IReadOnlyList<Address> Guardians, uint GuardianThreshold, IReadOnlyList<Address> Validators, uint ValidatorThreshold,
    ushort OperatorsBps, ushort TreasuryBps, string Symbol, uint VotingPeriod, uint TimelockDelay);
