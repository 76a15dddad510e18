using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Cli.Evidence;
using Commonhold.Client;

namespace Commonhold.Cli.Demo;

/// <summary>A made-up platform that signs its "your data is ready" messages, and the policy that believes it: for a trial on one machine alone.</summary>
/// <remarks>Everything behind it is real: the message is signed as RFC 6376 says, its key is pinned in the policy whose digest the registry holds,
/// and the validator holds it against the export's own original files.</remarks>
internal sealed class DemoProvider : IDisposable
{
    private const string Domain = "mail1.trial.example";
    private const string Subject = "Your data request is complete";

    private readonly DkimSigner _signer = new(Domain, "demo", RandomNumberGenerator.GetBytes(32));
    private readonly DateTimeOffset _now;

    public DemoProvider(TimeProvider time) => _now = time.GetUtcNow();

    /// <summary>The trial's policy with this platform's key.</summary>
    public ContributionPolicy Policy => ContributionPolicy.Trial(Schema.RedditExport) with
    {
        Sources = PolicySources.None with
        {
            Email = [new EmailSource("reddit", Domain, [$"noreply@{Domain}"], [Subject], ["u/{account}"], [_signer.Pin(_now.AddYears(-20), _now.AddDays(1))])],
        },
    };

    /// <summary>What a member does who saved the platform's message: shows it, with the files that it goes with, to one validator.</summary>
    /// <returns>Null for an export that says no address.</returns>
    public EvidenceGatherer? ProofOf(string export, MemberKey member, string folder)
    {
        if (MessageOf(export) is not { } signed)
            return null;
        var message = Path.Combine(folder, $"{member.Address}.eml");
        PrivateFile.Replace(message, signed);
        return new EvidenceDesk([new ProofChoice(EvidenceItem.Email, message)], member, TextWriter.Null, TextReader.Null).GatherAsync;
    }

    public void Dispose() => _signer.Dispose();

    /// <summary>The signed message that the data of an export are ready.</summary>
    /// <param name="at">When it was signed; null: when the export was made.</param>
    /// <returns>Null for an export that says no address.</returns>
    public byte[]? MessageOf(string export, DateTimeOffset? at = null)
    {
        var statistics = Statistics(export);
        return statistics.TryGetValue("account name", out var account) && statistics.TryGetValue("email address", out var address) && address.Length > 0
            ? Message(account, address, statistics.GetValueOrDefault("export time"), at)
            : null;
    }

    private byte[] Message(string account, string address, string? exported, DateTimeOffset? at)
    {
        var time = at ?? (DateTimeOffset.TryParse(exported?.Replace(" UTC", "Z", StringComparison.Ordinal), null, out var given) ? given.AddMinutes(10) : _now.AddHours(-2));
        var message = Encoding.ASCII.GetBytes(
            $"""
            From: Trial <noreply@{Domain}>
            To: {address}
            Subject: {Subject}
            Date: {time.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000
            Message-ID: <{account.ToLowerInvariant()}.{time.ToUnixTimeSeconds()}@{Domain}>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8

            Hi u/{account},

            the data that you asked for is ready.

            """.ReplaceLineEndings("\r\n"));
        return _signer.Sign(message, new DkimSigning { SignedAt = time });
    }

    private static Dictionary<string, string> Statistics(string export)
    {
        using var zip = ZipFile.OpenRead(export);
        if (zip.GetEntry("statistics.csv") is not { } entry)
            return [];
        using var reader = new StreamReader(entry.Open());
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Select(line => line.Split(',', 2)).Where(row => row.Length == 2).DistinctBy(row => row[0]).ToDictionary(row => row[0], row => row[1]);
    }
}
