using System.Diagnostics;
using System.Text.Json;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.ServerTests.Node;
using Commonhold.Validator;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commonhold.ServerTests.Hostile;

/// <summary>The node's world with two true validators in place of the test's own: everything that a member's bytes pass on their way.</summary>
internal sealed class HostileWorld : IAsyncDisposable
{
    private readonly Scratch _scratch = new();
    private readonly ValidatorKey[] _keys;
    private CancellationTokenSource _stop = new();
    private Task[] _validators = [];

    private HostileWorld()
    {
        var first = ValidatorKey.Generate();
        _keys = [first, ValidatorKey.Generate(first.ExportNullifierKey())];
    }

    public NodeWorld World { get; private set; } = null!;

    public RunningNode Node { get; private set; } = null!;

    public Scratch Scratch => _scratch;

    private static readonly TimeSpan LongestVerdict = TimeSpan.FromMinutes(2);

    /// <summary>The validator that tickets go to.</summary>
    public ValidatorKey Validator => _keys[0];

    public static async Task<HostileWorld> StartAsync()
    {
        HostileWorld hostile = new();
        hostile.World = await NodeWorld.CreateAsync(validators: [.. hostile._keys.Select(key => key.Account)]);
        hostile.Node = await RunningNode.StartAsync(hostile.World, Path.Combine(hostile._scratch.Path, "node"));
        hostile.StartValidators();
        await Eventually.HoldsAsync(
            async () => (await hostile.Node.Client.GetDaoAsync(default)).Validators.Members.All(v => v.HasValidRecipient(hostile.World.Contracts.Registry)),
            "the validators have said where their tickets go");
        return hostile;
    }

    public void StartValidators()
    {
        _stop = new CancellationTokenSource();
        _validators = [.. _keys.Select((key, i) => Task.Run(() => ValidatorHost.RunAsync(
            Node.Http.BaseAddress!, key,
            new ValidatorOptions
            {
                StateDirectory = Path.Combine(_scratch.Path, $"validator-{i}"), Peers = [.. _keys.Select(peer => peer.Address)],
                PauseAfterFailure = TimeSpan.FromMilliseconds(100),
            },
            NullLoggerFactory.Instance, TimeProvider.System, _stop.Token)))];
    }

    public async Task StopValidatorsAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_validators).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _validators = [];
    }

    /// <summary>Uploads, submits and waits for the verdict.</summary>
    /// <returns>The code of whoever refused it, node or validator; or the state it reached.</returns>
    public async Task<string> ContributeAsync(HostileFile file, CancellationToken cancellationToken, ContributionSubmission? submission = null)
    {
        try
        {
            await Node.Client.UploadAsync(file.Digest, new MemoryStream(file.Age), null, cancellationToken);
            await Node.Client.SubmitAsync(submission ?? file.Submission(this), cancellationToken);
        }
        catch (CommonholdException e) when (e.Refusal is { } refusal)
        {
            return refusal.Code;
        }

        return await VerdictAsync(file.Digest, cancellationToken);
    }

    public async Task<string> VerdictAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.StartNew();
        while (true)
        {
            if (asked.Elapsed > LongestVerdict)
                throw new TimeoutException($"No validator has answered about {digest} for {LongestVerdict}.");
            var status = (await Node.Client.GetContributionAsync(digest, cancellationToken))!;
            if (status.State == ContributionState.Refused)
                return JsonSerializer.Deserialize(status.Report!, WireJson.Default.Report)!.Refusal!.Code;
            if (status.State != ContributionState.Waiting)
                return HostileCase.Accepted;
            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>Sends one raw request; the code of the problem that comes back, which must have the status that goes with it.</summary>
    public async Task<string> CodeOfAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await Node.Http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
            return HostileCase.Accepted;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"{(int)response.StatusCode} without a problem: {body}";
        var problem = JsonSerializer.Deserialize(body, WireJson.Default.ProblemDetails)!;
        if (problem.Status != (int)response.StatusCode)
            return $"status {problem.Status} in {(int)response.StatusCode}";
        // A field error says which field.
        return problem.Errors is [{ Path: { Length: > 0 } path }] ? $"{problem.Code} {path}" : problem.Code!;
    }

    public async ValueTask DisposeAsync()
    {
        await StopValidatorsAsync();
        if (Node is not null)
            await Node.DisposeAsync();
        if (World is not null)
            await World.DisposeAsync();
        foreach (var key in _keys)
            key.Dispose();
        _scratch.Dispose();
    }
}
