using System.Globalization;
using Commonhold.Client;
using Commonhold.Server.Web;

namespace Commonhold.Server.Home;

/// <summary>The page at <c>/</c>: what this DAO is, how it stands, and who can read what. Plain HTML; nothing runs in the browser.</summary>
internal static class StatusPage
{
    public const string Style = """
        :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
        body { max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { margin-bottom: 0; } h2 { margin-top: 2rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
        td code { overflow-wrap: anywhere; }
        .trial { border: 2px solid; padding: .5rem 1rem; font-weight: 600; }
        """;

    private static readonly (string Party, string Reads)[] Trust =
    [
        ("The member", "Their own files, always."),
        ("This node, its storage and database, the chain, the relayer", "Ciphertext and the public manifest; never a key, never content."),
        ("One validator", "One file, once, when it is contributed; destroyed after the verdict. A dishonest one could keep what it saw: here trust remains."),
        ("Fewer guardians than the threshold", "Nothing."),
        ("As many guardians as the threshold, or more", "What an active grant covers, sealed to that grant's key only."),
        ("A buyer with a raw grant", "The contributions in its scope while the grant runs; what was read cannot be unread."),
        ("A worker", "Plaintext in memory, in a sandbox without network, for one grant; only its checked output leaves."),
    ];

    public static async Task<Html> RenderAsync(Figures figures, CancellationToken cancellationToken)
    {
        var described = await figures.DescribeAsync(cancellationToken);
        var body = described.TryGet(out var dao, out var refusal)
            ? Body(dao, await figures.CountAsync(cancellationToken), await figures.ReadinessAsync(cancellationToken))
            : Html.Of($"<h1>Commonhold</h1><p role=\"status\">{refusal.Detail} {refusal.Hint}</p>");
        return Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{(dao is null ? "Commonhold" : dao.Name + " · Commonhold")}</title><link rel="stylesheet" href="/style.css"></head>
            <body><main>{body}</main></body>
            </html>

            """);
    }

    private static Html Body(DaoInfo dao, Counts counts, IReadOnlyDictionary<string, bool> readiness) => Html.Of($"""
        {(dao.Trial ? Html.Of($"<p class=\"trial\" role=\"note\">This is a trial: the chain is local, the currency is worthless, votes last minutes and keys are kept for convenience. Do not put anything of value here.</p>") : Html.Empty)}
        <h1>{dao.Name}</h1>
        <p>A dataset of <code>{dao.Dataset.SchemaName}</code>, owned by the people who contributed to it.</p>
        <h2>How it stands</h2>
        {Table([("Contributions in batches", counts.Committed), ("Members", counts.Members), ("Batches", counts.Batches), ("Waiting for a verdict", counts.Waiting),
            ("Refused", counts.Refused), ("Withdrawn", counts.Withdrawn), ("Requests", counts.Requests), ("Grants", counts.Grants), ("Proposals", counts.Proposals),
            ("Distributions of revenue", counts.Distributions), ("Newest block", dao.Head), ("Chain time (UTC)", Time(dao.ChainTime)),
            ("This node", readiness.Values.All(holds => holds) ? "ready" : "not ready: " + string.Join(", ", readiness.Where(check => !check.Value).Select(check => check.Key)))])}
        <h2>Who can read what</h2>
        {Table(Trust.Select(row => (row.Party, (object)row.Reads)))}
        <p>The dataset's key exists only as shares: {dao.Guardians.Threshold} of {dao.Guardians.Members.Count} guardians open a file, each after reading the chain itself.
        {(dao.Dataset.Active ? "" : "The guardians have not made the key yet.")}</p>
        <h2>Addresses</h2>
        {Table([("Dataset recipient (age)", Code(dao.Dataset.Recipient ?? "none yet")), ("Chain id", dao.ChainId), ("DAO", Code(dao.Contracts.Dao)), ("Token", Code(dao.Contracts.Token)),
            ("Contributions", Code(dao.Contracts.Registry)), ("Guardians", Code(dao.Contracts.Guardians)), ("Access market", Code(dao.Contracts.Market)),
            ("Revenue pool", Code(dao.Contracts.Pool)), ("Governor", Code(dao.Contracts.Governor)), ("Timelock", Code(dao.Contracts.Timelock))])}
        <h2>Parties</h2>
        {Table(dao.Guardians.Members.Select(guardian => ($"Guardian {guardian.Index}", (object)Code(guardian.Address)))
            .Concat(dao.Validators.Members.Select((validator, i) => ($"Validator {i + 1}", (object)Code(validator.Address)))))}
        <h2>For programs</h2>
        <p><a href="/v1/dao">/v1/dao</a> · <a href="/openapi/v1.json">/openapi/v1.json</a> · <a href="/health/ready">/health/ready</a> · <a href="/metrics">/metrics</a></p>
        """);

    private static Html Table(IEnumerable<(string Name, object Value)> rows) =>
        Html.Of($"<table><tbody>{Html.Join(rows.Select(row => Html.Of($"<tr><th scope=\"row\">{row.Name}</th><td>{row.Value}</td></tr>")))}</tbody></table>");

    private static Html Code(object value) => Html.Of($"<code>{value}</code>");

    private static string Time(ulong unix) =>
        DateTimeOffset.FromUnixTimeSeconds((long)unix).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
