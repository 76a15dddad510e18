using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>What My data decrypted does not outlive the tab that did it, not even when the browser was killed.</summary>
[Collection(JourneysCollection.Name)]
public sealed class OpenedFilesTests(Commons commons)
{
    /// <summary>A decrypted file as a killed browser leaves it: in the folder, and no lock. Held while it is written, or the page that was just opened clears it half way.</summary>
    private const string Leave = """
        () => navigator.locks.request("commonhold-opened", { mode: "shared" }, async () => {
          const file = await (await (await navigator.storage.getDirectory()).getDirectoryHandle("opened", { create: true })).getFileHandle("left.age", { create: true });
          const writer = await file.createWritable();
          await writer.write("my comments");
          await writer.close();
        })
        """;

    private const string IsThere = """
        async () => {
          try {
            await (await (await navigator.storage.getDirectory()).getDirectoryHandle("opened")).getFileHandle("left.age");
            return true;
          } catch {
            return false;
          }
        }
        """;

    [ChromiumFact]
    public Task Any_page_clears_what_a_killed_tab_left_decrypted() => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor");
        foreach (var path in new[] { "/", "/catalogue", "/my" })
        {
            await visitor.GoAsync("/transparency");
            await visitor.Page.EvaluateAsync(Leave);
            await visitor.GoAsync(path);
            await visitor.Page.WaitForFunctionAsync($"async () => !(await ({IsThere})())");
        }
    });

    [ChromiumFact]
    public Task What_another_tab_still_holds_stays_until_that_tab_is_gone() => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor");
        await visitor.GoAsync("/transparency");
        var holder = visitor.Page;
        await holder.EvaluateAsync("() => new Promise((held) => navigator.locks.request('commonhold-opened', { mode: 'shared' }, () => { held(); return new Promise(() => {}); }))");
        await holder.EvaluateAsync(Leave);
        var other = await visitor.OpenTabAsync();
        await visitor.GoAsync("/");
        // Requests are served in their order: once this one has been refused, so has the page's.
        Assert.True(await other.EvaluateAsync<bool>("() => navigator.locks.request('commonhold-opened', { ifAvailable: true }, (free) => free === null)"));
        Assert.True(await other.EvaluateAsync<bool>(IsThere));
        await holder.CloseAsync();
        await other.WaitForFunctionAsync("async () => !(await navigator.locks.query()).held.some(({ name }) => name === 'commonhold-opened')");
        await visitor.GoAsync("/catalogue");
        await other.WaitForFunctionAsync($"async () => !(await ({IsThere})())");
    });
}
