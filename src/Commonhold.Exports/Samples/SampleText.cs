using System.Text;

namespace Commonhold.Exports.Samples;

/// <summary>Small talk by grammar: enough variety that texts compress, differ and repeat as people's do.</summary>
internal static class SampleText
{
    private static readonly string[] Openers =
    [
        "Honestly", "I think", "For what it's worth", "No idea why, but", "After a few years of this", "My neighbour says",
        "Last winter", "If you ask me", "To be fair", "As someone who tried it", "It turns out that", "People forget that",
    ];

    private static readonly string[] Subjects =
    [
        "the old map", "that recipe", "my bicycle", "the second season", "their keeper", "a cheap soldering iron", "this library",
        "the night train", "our allotment", "the choir", "a paper notebook", "the patch notes", "that little café", "the trail",
    ];

    private static readonly string[] Verbs =
    [
        "works better than", "reminds me of", "never beats", "is cheaper than", "breaks before", "depends on", "goes well with",
        "looks nothing like", "deserves more love than", "taught me more than", "costs twice as much as", "arrived before",
    ];

    private static readonly string[] Endings =
    [
        "and I'd do it again", "so take it slowly", "which nobody expected", "\"as they say\"", "at least where I live 😀",
        "but your mileage may vary", "and that's fine", "so thank you for posting", "although the weather helped", "naïve as it sounds",
    ];

    public static string Sentence(ref SampleRandom random)
    {
        var text = new StringBuilder();
        text.Append(random.Pick(Openers)).Append(' ').Append(random.Pick(Subjects)).Append(' ')
            .Append(random.Pick(Verbs)).Append(' ').Append(random.Pick(Subjects));
        if (random.Below(3) > 0)
            text.Append(", ").Append(random.Pick(Endings));
        return text.Append(random.Below(8) == 0 ? "!" : ".").ToString();
    }

    public static string Comment(ref SampleRandom random)
    {
        switch (random.Below(40))
        {
            case 0:
                return "[deleted]";
            case 1:
                return "[removed]";
            case 2:
                return "This.";
        }

        var text = new StringBuilder(Sentence(ref random));
        for (var more = random.Below(4); more > 0; more--)
            text.Append(random.Below(5) == 0 ? "\n\n" : " ").Append(Sentence(ref random));
        return text.ToString();
    }
}
