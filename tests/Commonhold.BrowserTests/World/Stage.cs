using Commonhold.BrowserTests.People;

namespace Commonhold.BrowserTests.World;

/// <summary>One journey: who takes part in it, and what is kept of it when it fails.</summary>
internal sealed class Stage(Commons commons) : IAsyncDisposable
{
    private readonly List<Visitor> _visitors = [];

    public Commons Commons => commons;

    public async Task<Visitor> VisitorAsync(string name, Habits? habits = null)
    {
        var visitor = await Visitor.EnterAsync(commons.Browser, commons.Home, commons.Known, name, habits ?? Habits.Desk);
        _visitors.Add(visitor);
        return visitor;
    }

    public async Task<Member> MemberAsync(string name = "member", Habits? habits = null) => new(await VisitorAsync(name, habits));

    public async Task<Buyer> BuyerAsync(string name = "buyer", Habits? habits = null) => new(await VisitorAsync(name, habits));

    /// <summary>A member who contributed at the command line before this test, with the key file brought into the browser.</summary>
    public async Task<Member> OldMemberAsync(int index)
    {
        var member = await MemberAsync($"member-{index + 1}");
        await member.RestoresAccountAsync(commons.KeyFileOf(index), commons.PassphraseOf(index));
        return member;
    }

    /// <summary>One member votes for it, which is enough here, and has it carried out.</summary>
    public async Task PassesAsync(Member member, string proposal)
    {
        await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalSnapshot(id));
        await member.VotesAsync(proposal);
        await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalDeadline(id));
        await member.CarriesOutAsync("waiting time");
        await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalEta(id));
        await member.CarriesOutAsync("Carried out");
    }

    /// <summary>Plays the journey; fails when it fails, and also when a page complained on the way.</summary>
    public static async Task PlayAsync(Commons commons, string name, Func<Stage, Task> journey)
    {
        await using var stage = new Stage(commons);
        try
        {
            await Patience.ForAsync($"the journey {name} ends", Patience.Journey, journey(stage));
            foreach (var visitor in stage._visitors)
                visitor.Watch.AssertQuiet();
        }
        catch
        {
            var folder = Artefacts.Folder("failed", name);
            foreach (var visitor in stage._visitors)
                await visitor.SaveAsync(folder);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var visitor in _visitors)
            await visitor.DisposeAsync();
    }
}
