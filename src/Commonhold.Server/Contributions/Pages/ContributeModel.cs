using Commonhold.Exports;

namespace Commonhold.Server.Contributions.Pages;

/// <summary>What the page on which members contribute says before its script runs.</summary>
/// <param name="Kind">What the dataset takes, in words: <c>Reddit account export</c>.</param>
/// <param name="Advice">How one gets such a file from its provider; null where that is not known here.</param>
/// <param name="KeptBack">What never leaves the member's computer; empty for a dataset with a schema of its own.</param>
/// <param name="HasSample">Whether made-up files are to be had, to try a trial with.</param>
internal sealed record ContributeModel(
    string Name, string Schema, string Kind, string? Advice, IReadOnlyList<KeptBack> KeptBack, uint GuardianThreshold, int Guardians, bool HasSample)
{
    public static ContributeModel Of(string name, string schema, uint threshold, int guardians, bool hasSample)
    {
        var format = ExportFormats.ForSchema(schema);
        return new ContributeModel(name, schema, format?.Title ?? "file of the kind that this dataset describes", AdviceOn(schema), format?.Describe().KeptBack ?? [], threshold, guardians, hasSample);
    }

    // Where providers keep this changes; the words are theirs as we know them.
    private static string? AdviceOn(string schema) => schema switch
    {
        "reddit-export-v1" => "Sign in to Reddit and open reddit.com/settings/data-request. Ask for all your data. Reddit sends you a message with a link to a ZIP file, mostly within days, at the latest after a month.",
        "x-archive-v1" => "On X, open Settings, Your account, Download an archive of your data. X tells you when the ZIP file is ready, mostly after a day.",
        "chatgpt-conversations-v1" => "In ChatGPT, open Settings, Data controls, Export data. You get an e-mail with a link to a ZIP file that is good for a day.",
        "spotify-history-v1" => "On Spotify's website, open Account, Account privacy, Download your data. Ask for the extended streaming history. Spotify sends you a link within a month.",
        "netflix-history-v1" => "On Netflix's website, open Account, Security, Personal info access, and ask for your data. Netflix sends you a link within a month. The viewing history of one profile can be had at once, at the end of its viewing activity.",
        "browsing-history-v1" => "Use the history file of your browser: of Chrome or Edge the file History in the profile's folder, of Firefox places.sqlite, or what Google Takeout gives you for Chrome. Close the browser before you copy the file.",
        "apple-health-v1" => "On your iPhone, open Health, tap your picture, then Export All Health Data. Move the ZIP file to this computer.",
        _ => null,
    };
}
