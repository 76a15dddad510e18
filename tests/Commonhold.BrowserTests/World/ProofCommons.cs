using Commonhold.BrowserTests.People;
using Commonhold.Cli.Chain;
using Commonhold.Cli.Demo;
using Commonhold.Cli.Embedded;
using Commonhold.Client;
using Commonhold.Exports.Reddit;
using Commonhold.Tests.Validator.Ownership.Online;
using Commonhold.Validator.Ownership.Online;

namespace Commonhold.BrowserTests.World;

/// <summary>A DAO that weighs proofs: a platform that signs its e-mails, has pages and links, and a validator that goes there.</summary>
public sealed class ProofCommons : Commons
{
    private readonly DemoProvider _mail = new(TimeProvider.System);

    /// <summary>Where accounts have pages and exports have links.</summary>
    internal TestProvider Platform { get; private set; } = null!;

    protected override int FilledBy => 0;

    public override async Task InitializeAsync()
    {
        if (Missing.Reason is not null)
            return;
        Platform = await TestProvider.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (Platform is not null)
            await Platform.DisposeAsync();
        _mail.Dispose();
    }

    /// <summary>The platform's message that the data of this export are ready, as a member saves it.</summary>
    internal async Task<string> EmailAsync(string export, string name, DateTimeOffset? at = null, Func<string, string>? change = null)
    {
        var message = System.Text.Encoding.Latin1.GetString(_mail.MessageOf(export, at)!);
        var path = Path.Combine(Scratch("mail"), name + ".eml");
        await File.WriteAllBytesAsync(path, System.Text.Encoding.Latin1.GetBytes(change?.Invoke(message) ?? message));
        return path;
    }

    /// <summary>What stands on an account's page.</summary>
    internal void Write(string account, string about) => Platform.Pages["/user/" + account] = new { name = account, about };

    internal void WritePost(string post, string account, string text) => Platform.Pages["/comments/" + post] = new { author = account, text };

    internal async Task<Report> ReportOnAsync(Person member)
    {
        var contribution = Assert.Single(await World.Api.ListContributionsAsync(member.Address, CancellationToken.None));
        return Report.Parse(System.Text.Encoding.UTF8.GetBytes(contribution.Report!)).Value;
    }

    private protected override EmbeddedOptions SetUp(EmbeddedOptions options)
    {
        // The policy, which is on the chain before the node answers, names the node's own page.
        var port = FreePort.Take();
        return With(options, new Uri($"http://localhost:{port}/")) with { Port = port };
    }

    private EmbeddedOptions With(EmbeddedOptions options, Uri home) => options with
    {
        Policy = _mail.Policy with
        {
            Sources = _mail.Policy.Sources with
            {
                AccountCode =
                [
                    new(RedditFormat.Platform, "profile", $"{Platform.Issuer}/user/{{account}}", PageFormat.Json, "/name", "/about", "the About text of your profile"),
                    new(RedditFormat.Platform, "post", $"{Platform.Issuer}/comments/{{post}}", PageFormat.Json, "/author", "/text", "a post of yours"),
                ],
                SignIn =
                [
                    new(RedditFormat.Platform, $"{Platform.Issuer}/authorize", $"{Platform.Issuer}/token", $"{Platform.Issuer}/me", TestProvider.ClientId, "identity", "/name", Platform.Issuer,
                        RedirectPages: [new Uri(home, RedirectPage.Path).AbsoluteUri]),
                ],
                Download = [new(RedditFormat.Platform, [Platform.Authority])],
            },
        },
        Evidence = new EvidenceOptions([Platform.Authority], [Platform.Authority], RequestsPerMinute: 60_000),
    };
}
