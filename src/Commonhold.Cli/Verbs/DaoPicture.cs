using Commonhold.Client;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>Draws a DAO for people: rules, contracts, and who holds which power.</summary>
internal static class DaoPicture
{
    public static void Draw(IAnsiConsole console, DaoReport dao)
    {
        console.MarkupLineInterpolated($"[bold]{dao.Name}[/] on chain {dao.ChainId}");
        if (dao.Trial)
            console.MarkupLine("[yellow]Trial: votes last seconds to minutes. Do not put value into it.[/]");
        var rules = dao.Settings.Rules;
        console.WriteLine($"Votes: delay {Span(rules.VotingDelay)}, period {Span(rules.VotingPeriod)}, quorum {rules.QuorumPercent} %, "
            + $"threshold {rules.ProposalThresholdBps / 100m} % of supply, timelock {Span(rules.TimelockDelay)}");
        console.WriteLine(dao.Settings.Founder is { } founder
            ? $"Founder's share: {founder.Units.ToUnits(18)} tokens that nobody earned, to {founder.Account}"
            : "Tokens come from contributions only; there is no founder's share.");
        console.WriteLine($"Key: {dao.Settings.GuardianThreshold} of {dao.Settings.Guardians.Count} guardians open a file.");

        var table = new Table().Border(TableBorder.Simple).AddColumns("Contract", "Power", "Held by", "");
        foreach (var power in dao.Powers)
        {
            table.AddRow(
                power.Contract, power.Power, NameOf(power, dao.Contracts), power.Expected ? "[green]as it must be[/]" : "[red]UNEXPECTED[/]");
        }

        console.Write(table);
        console.MarkupLine(dao.NobodyAboveTheVote
            ? "[green]Nobody stands above the vote.[/]"
            : "[red]Somebody holds a power that only the vote may have.[/]");
        DrawCode(console, dao);
    }

    private static void DrawCode(IAnsiConsole console, DaoReport dao)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Contract", "Address", "Code", "Created");
        foreach (var code in dao.Code)
        {
            table.AddRow(
                code.Contract, code.Address.ToString(), code.HasPublishedCode ? "[green]as published[/]" : "[red]OTHER CODE[/]",
                code.IsCreatedAsWritten switch { true => "[green]with the settings above[/]", false => "[red]WITH OTHER CODE OR SETTINGS[/]", null => "[yellow]not found[/]" });
        }

        console.Write(table);
        console.MarkupLine(!dao.CodeIsPublished ? "[red]A contract is not what is published in docs/contract-digests.md with these settings.[/]"
            : dao.Code.All(code => code.IsCreatedAsWritten == true) ? "[green]Every contract is the published code, created with these settings.[/]"
            : $"[yellow]The code is the published one. What it was created with is not known: the creating transactions are not in the first {DaoCode.MostBlocks} blocks.[/]");
    }

    private static string NameOf(HeldPower power, DaoContracts contracts)
    {
        var name = power.Holder == contracts.Timelock ? "timelock"
            : power.Holder == contracts.Governor ? "governor"
            : power.Holder == contracts.Registry ? "contribution registry"
            : power.Holder == Address.Zero ? "anyone"
            : "";
        return name.Length == 0 ? power.Holder.ToString() : $"{name} {power.Holder.ToString()[..10]}…";
    }

    private static string Span(uint seconds) => TimeSpan.FromSeconds(seconds) switch
    {
        { TotalDays: >= 1 } days => $"{days.TotalDays:0.#} d",
        { TotalMinutes: >= 1 } minutes => $"{minutes.TotalMinutes:0.#} min",
        var rest => $"{rest.TotalSeconds:0} s",
    };
}
