using System.Text.RegularExpressions;
using Commonhold.Tests;

namespace Commonhold.BrowserTests.World;

/// <summary>A page of docs/ for one kind of person. Its numbered steps are what a journey does: a step that the journey does not take, a button that
/// the page names and the journey does not press, or the other way round, fails.</summary>
internal sealed partial class Guide
{
    private readonly string _name;
    private readonly List<GuideStep> _steps = [];
    private int _next;

    private Guide(string name) => _name = name;

    public static Guide Read(string name)
    {
        var guide = new Guide(name);
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", name));
        foreach (Match step in Step().Matches(text))
            guide._steps.Add(new GuideStep(step.Groups["title"].Value, [.. Name().Matches(step.Groups["text"].Value).Select(m => m.Groups[1].Value)]));
        Assert.True(guide._steps.Count > 0, $"docs/{name} has no numbered steps");
        return guide;
    }

    /// <summary>The next step, which must be the one of this title.</summary>
    public async Task StepAsync(string title, Func<GuideStep, Task> act)
    {
        Assert.True(_next < _steps.Count, $"docs/{_name} ends before “{title}”");
        var step = _steps[_next++];
        Assert.True(step.Title == title, $"step {_next} of docs/{_name} is “{step.Title}”, and the journey goes on with “{title}”");
        try
        {
            await act(step);
        }
        catch (Exception failure) when (failure is PlaywrightException or TimeoutException)
        {
            throw new InvalidOperationException($"docs/{_name}, step {_next} “{title}”: {failure.Message}", failure);
        }

        Assert.True(step.Unused.Count == 0, $"docs/{_name}, step {_next} “{title}” names {string.Join(", ", step.Unused)}, which the journey does not use");
    }

    public void AssertFinished() => Assert.True(_next == _steps.Count, $"docs/{_name} goes on with “{_steps.ElementAtOrDefault(_next)?.Title}”, where the journey ends");

    // "3. **Contribute.** Open **Contribute** and …", to the next number or heading.
    [GeneratedRegex(@"^\d+\. \*\*(?<title>[^*]+?)\.?\*\*(?<text>.*?)(?=^\d+\. |^#|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Step();

    [GeneratedRegex(@"\*\*([^*]+)\*\*")]
    private static partial Regex Name();
}

/// <param name="Names">What the text shows in bold: the words on a button, link, field or heading.</param>
internal sealed record GuideStep(string Title, IReadOnlyList<string> Names)
{
    private readonly HashSet<string> _used = [];

    public IReadOnlyList<string> Unused => [.. Names.Where(name => !_used.Contains(name))];

    /// <summary>The words as the guide has them; the journey finds things on the page by these.</summary>
    public string Says(string name)
    {
        Assert.True(Names.Contains(name), $"the step “{Title}” does not name “{name}”: {string.Join(", ", Names)}");
        _used.Add(name);
        return name;
    }
}
