using System.Buffers.Binary;
using System.Security.Cryptography;
using Commonhold.Client;
using Commonhold.Exports;
using Commonhold.Server.Operations;
using Commonhold.Server.Web;

namespace Commonhold.Server.Contributions;

/// <summary>Made-up exports for who tries a trial and has no file of their own at hand: a real one takes its provider days.</summary>
/// <remarks>On a trial only, where nothing is of value: elsewhere it would help to pass off what nobody lived as one's own.</remarks>
internal static class TrialSamples
{
    public const string Path = "/v1/trial/sample";

    private const int Rows = 200;

    // A seed alone makes few names, and a name is an account that only one person can have; ids have room for so many.
    private const int Accounts = 100_000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, Make).RequireRateLimiting(RateLimits.CostlyReads).WithTags("trial")
        .WithSummary("On a trial only: a made-up export of the kind that this dataset takes, somebody else's each time.");

    /// <summary>Whether there is one to be had.</summary>
    public static bool Has(NodeOptions options) => options.Trial is not null && ExportFormats.ForSchema(options.SchemaName) is not null;

    private static IResult Make(NodeOptions options)
    {
        if (options.Trial is null || ExportFormats.ForSchema(options.SchemaName) is not { } format)
            return new ProblemResult(new Refusal("trial.not_trial", "Made-up files are for trials of the kinds of data that this software knows.", "Contribute a file of your own."));
        var who = new SampleOptions(BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))), RandomNumberGenerator.GetInt32(Accounts), Rows);
        using var made = new MemoryStream();
        format.WriteSample(made, who);
        return TypedResults.File(made.ToArray(), "application/octet-stream", format.SampleFileName(who));
    }
}
