namespace Commonhold.Server.Web.Layout;

/// <summary>Where a page stands in the menu; given where the page is mapped, so that the menu links only what there is.</summary>
/// <param name="Order">Lower stands first.</param>
internal sealed record MenuEntry(MenuGroup Group, int Order, string Label)
{
    public string Path { get; init; } = "";
}

internal enum MenuGroup
{
    Members,
    Buyers,
    Everyone,
    Account,
}

/// <summary>The pages that this node has.</summary>
internal sealed class Menu(EndpointDataSource endpoints)
{
    private readonly Lazy<MenuEntry[]> _entries = new(() =>
        [.. endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<MenuEntry>()).OfType<MenuEntry>().OrderBy(entry => entry.Group).ThenBy(entry => entry.Order)]);

    private readonly Lazy<HashSet<string>> _pages = new(() =>
        [.. endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<PageMetadata>()?.Pattern).OfType<string>()]);

    public IReadOnlyList<MenuEntry> Entries => _entries.Value;

    /// <param name="pattern">As it is mapped: <c>/vote</c>, <c>/requests/{id}</c>.</param>
    public bool Has(string pattern) => _pages.Value.Contains(pattern);
}
