using System.Globalization;
using Commonhold.Client;
using Spectre.Console;

namespace Commonhold.Cli.Demo;

/// <summary>The table of figures at the end of the story.</summary>
internal static class DemoPicture
{
    public static void Draw(IAnsiConsole console, DemoFigures f)
    {
        var table = new Table().Border(TableBorder.Simple).HideHeaders().AddColumns(new TableColumn("what"), new TableColumn("figure").RightAligned());
        void Row(string what, object figure) => table.AddRow(new Text(what), new Text(Convert.ToString(figure, CultureInfo.InvariantCulture)!));
        Row("members", f.Members);
        Row("contributions handed in", f.Contributions);
        Row("accepted / refused", $"{f.Accepted} / {f.Refused.Count}");
        Row("batches", f.Batches);
        Row("guardians that refused without a grant", f.GuardianRefusals);
        Row("opened with two of five guardians off", f.Opened);
        Row("byte for byte what was sealed", f.Identical);
        Row("revenue paid / claimed (TEST)", $"{Units(f.RevenuePaid)} / {Units(f.RevenueClaimed)}");
        Row("requests voted down and refunded", f.Refunds);
        Row("withdrawn, and shut under a later grant", f.WithdrawnStayedShut);
        foreach (var (operation, gas) in f.Gas)
            Row($"gas: {operation}", gas.ToString("N0", CultureInfo.InvariantCulture));
        foreach (var (stage, seconds) in f.Seconds)
            Row($"seconds: {stage}", seconds.ToString("0.0", CultureInfo.InvariantCulture));
        Row("seconds: all", f.Seconds.Values.Sum().ToString("0.0", CultureInfo.InvariantCulture));
        console.Write(table);
        if (f.AsTold)
            console.MarkupLine("[green]Everything was as told.[/]");
    }

    private static string Units(string baseUnits) => new Wei(System.Numerics.BigInteger.Parse(baseUnits, CultureInfo.InvariantCulture)).ToUnits(6);
}
