using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Tests.Client;
using Commonhold.Validator;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commonhold.Tests.Validator;

/// <summary>Contributions of every format, and of a dataset that describes its own, from the member's file to the verdict.</summary>
public sealed class EveryFormatTests : IDisposable
{
    private const string Rides = """
        { "name": "rides-v1", "title": "Rides", "resources": [ { "name": "rides",
          "schema": { "fields": [ { "name": "began", "type": "datetime", "constraints": { "required": true } }, { "name": "line", "constraints": { "enum": ["U6", "Ring"] } },
            { "name": "km", "type": "number", "constraints": { "minimum": 0 } } ], "primaryKey": ["began"] },
          "commonhold": { "scope": "history", "place": { "field": "line" } } } ] }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("commonhold-formats").FullName;
    private readonly FakeDao _dao = new();
    private readonly ValidatorKey _key = ValidatorKey.Generate();
    private readonly MemberKey _member = MemberKey.Generate();

    public EveryFormatTests()
    {
        ValidatorRecipient recipient = ValidatorRecipient.Create(_key.Account, _dao.Info.Contracts.Registry, _key.Identity.Recipient.ToString());
        _dao.Validators.Add(new ValidatorInfo(_key.Address, recipient.Recipient, recipient.Signature));
    }

    public static TheoryData<string> Schemas() => [.. ExportFormats.All.Select(f => f.Schema)];

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task An_honest_export_is_accepted_and_earns_points(string schema)
    {
        _dao.Policy = ContributionPolicy.Trial(schema);
        ExportFormat format = ExportFormats.ForSchema(schema)!;
        string path = Path.Combine(_directory, format.SampleFileName(new SampleOptions()));
        await using (FileStream sample = File.Create(path))
            format.WriteSample(sample, new SampleOptions(Rows: 40));
        VerdictSubmission verdict = await ContributeAsync(path);
        Assert.True(verdict.Accepted, JsonSerializer.Deserialize(verdict.Report, WireJson.Default.Report)!.Refusal?.ToString());
        Assert.True(verdict.Points > Points.Zero);
    }

    [Fact]
    public async Task A_dataset_that_describes_its_own_schema_needs_no_code()
    {
        _dao.Policy = ContributionPolicy.Trial("rides-v1") with { Descriptor = JsonDocument.Parse(Rides).RootElement };
        string path = Path.Combine(_directory, "rides.csv");
        await File.WriteAllLinesAsync(path, ["began,line,km,ticket", .. Enumerable.Range(1, 28).Select(d => $"2024-02-{d:00}T08:00:00Z,{(d % 3 == 0 ? "U6" : "Ring")},{d}.5,secret-{d}")]);
        VerdictSubmission verdict = await ContributeAsync(path);
        Assert.True(verdict.Accepted, JsonSerializer.Deserialize(verdict.Report, WireJson.Default.Report)!.Refusal?.ToString());
        Assert.True(verdict.Points > Points.Zero);
    }

    [Fact]
    public async Task What_its_schema_does_not_allow_is_refused_before_it_leaves()
    {
        _dao.Policy = ContributionPolicy.Trial("rides-v1") with { Descriptor = JsonDocument.Parse(Rides).RootElement };
        string path = Path.Combine(_directory, "rides.csv");
        await File.WriteAllTextAsync(path, "began,line,km\n2024-02-01T08:00:00Z,U7,1\n");
        Result<Bytes32> result = await SubmitAsync(path);
        Assert.Equal("export.field_invalid", result.Refusal?.Code);
        Assert.Empty(_dao.Blobs);
    }

    [Fact]
    public void A_policy_with_a_descriptor_that_cannot_be_used_is_refused()
    {
        ContributionPolicy policy = ContributionPolicy.Trial("rides-v1") with
        {
            Descriptor = JsonDocument.Parse(Rides.Replace("\"primaryKey\"", "\"foreignKeys\": [], \"primaryKey\"", StringComparison.Ordinal)).RootElement,
        };
        Assert.Equal("descriptor.unsupported", ContributionPolicy.Parse(policy.ToJsonBytes()).Refusal?.Code);
    }

    public void Dispose()
    {
        _key.Dispose();
        _member.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<Result<Bytes32>> SubmitAsync(string path)
    {
        await using FileStream export = File.OpenRead(path);
        return await new Contributor(_dao, _member, Path.Combine(_directory, "member")).SubmitAsync(export, null, default);
    }

    private async Task<VerdictSubmission> ContributeAsync(string path)
    {
        Result<Bytes32> submitted = await SubmitAsync(path);
        Assert.Null(submitted.Refusal);
        using ValidatorState state = ValidatorState.Open(Path.Combine(_directory, "validator"));
        using ValidatorProcess process = new(
            _dao, _dao, _key, state, new OwnershipLadder([]), new ValidatorOptions { StateDirectory = Path.Combine(_directory, "validator") }, TimeProvider.System,
            NullLogger<ValidatorProcess>.Instance);
        await process.RunOnceAsync(default);
        return Assert.Single(_dao.Verdicts);
    }
}
