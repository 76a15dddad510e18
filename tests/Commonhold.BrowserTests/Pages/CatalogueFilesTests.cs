using System.Text.Json.Nodes;
using Commonhold.BrowserTests.World;
using Commonhold.Tests.Server.Catalogue;

namespace Commonhold.BrowserTests.Pages;

/// <summary>The catalogue's documents as a node with members, contributions and a grant gives them to other people's programs.</summary>
[Collection(PagesCollection.Name)]
public sealed class CatalogueFilesTests(Commons commons)
{
    [LinkedDataFact]
    public async Task A_filled_node_gives_documents_that_strangers_programs_read()
    {
        if (Missing.Reason is not null)
            return;
        foreach (var (kind, path) in new[] { ("croissant", "/catalogue/croissant.json"), ("dcat", "/catalogue/dcat.jsonld") })
        {
            using var http = new HttpClient();
            var document = JsonNode.Parse(await http.GetStringAsync(new Uri(commons.Home, path)))!.AsObject();
            Assert.Empty(Assert.Single(await LinkedData.FaultsAsync(kind, [document])));
        }
    }
}
