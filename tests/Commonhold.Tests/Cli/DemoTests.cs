using System.Text.Json;
using Commonhold.Cli;

namespace Commonhold.Tests.Cli;

[Trait("Speed", "slow")]
public sealed class DemoTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("commonhold-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [AnvilFact]
    public async Task The_demo_tells_the_whole_story_and_every_figure_is_as_told()
    {
        var file = Path.Combine(directory, "figures.json");
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(["demo", "--json", file], output, error);
        Assert.True(exit == ExitCode.Ok, $"{output}\n{error}");

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        var figures = json.RootElement;
        int Number(string name) => figures.GetProperty(name).GetInt32();
        Assert.Equal((12, 12, 12), (Number("members"), Number("contributions"), Number("accepted")));
        Assert.Equal((12, 12), (Number("opened"), Number("identical")));
        Assert.Equal((5, 1, 1), (Number("guardianRefusals"), Number("refunds"), Number("withdrawnStayedShut")));
        Assert.Equal(figures.GetProperty("revenuePaid").GetString(), figures.GetProperty("revenueClaimed").GetString());
        Assert.Empty(figures.GetProperty("refused").EnumerateArray());
        Assert.True(figures.GetProperty("gas").EnumerateObject().Any());
        Assert.True(figures.GetProperty("seconds").EnumerateObject().Any());
        Assert.Contains("Everything was as told.", output.ToString(), StringComparison.Ordinal);
    }
}
