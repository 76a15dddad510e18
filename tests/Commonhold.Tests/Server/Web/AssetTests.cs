using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Commonhold.Server.Web.Assets;

namespace Commonhold.Tests.Server.Web;

/// <summary>What web/build.mjs made is what the node serves, whole, and small enough.</summary>
public sealed partial class AssetTests
{
    private const int FirstPage = 60_000, ContributePage = 250_000;

    private static readonly AssetShelf Shelf = new();

    [Fact]
    public void Scripts_and_styles_are_built_into_the_node()
    {
        Assert.True(Shelf.IsBuilt, "npm run build in web, then build the server again");
        var built = JsonSerializer.Deserialize<Dictionary<string, Asset>>(File.ReadAllText(Path.Combine(Repository.Root, "web", "dist", "site", "assets.json")))!;
        Assert.All(built, entry => Assert.Equal(entry.Value, Shelf.Find(entry.Key)));
    }

    [Fact]
    public void Every_asset_is_what_its_integrity_and_its_sizes_say()
    {
        foreach (var asset in All())
        {
            var file = Shelf.Open(asset.File)!;
            Assert.Equal(asset.Integrity, "sha384-" + Convert.ToBase64String(SHA384.HashData(file.Content)));
            Assert.Equal((asset.Bytes, asset.CompressedBytes), (file.Content.Length, file.Brotli.Length));
            using var plain = new MemoryStream();
            using (var brotli = new BrotliStream(new MemoryStream(file.Brotli), CompressionMode.Decompress))
                brotli.CopyTo(plain);
            Assert.Equal(file.Content, plain.ToArray());
        }
    }

    [Fact]
    public void Every_script_and_worker_that_a_page_names_is_there()
    {
        var missing = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Commonhold.Server"), "*.razor", SearchOption.AllDirectories).Select(File.ReadAllText)
            .SelectMany(Named).Where(name => Shelf.Find(name) is null);
        Assert.Empty(missing);
    }

    [Fact]
    public void The_first_page_loads_at_most_60_KB_of_script() => Assert.InRange(Weight(["site.js"]), 1, FirstPage);

    [Fact]
    public void The_page_for_contributing_loads_at_most_250_KB_of_script_with_its_workers()
    {
        var page = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Commonhold.Server"), "Contribute*.razor", SearchOption.AllDirectories).Select(File.ReadAllText).SelectMany(Named);
        Assert.InRange(Weight([.. page.Append("site.js").Distinct()]), 1, ContributePage);
    }

    [Fact]
    public void No_script_names_another_host_to_load_from() =>
        Assert.All(All().Where(asset => asset.File.EndsWith(".css", StringComparison.Ordinal)), asset =>
            Assert.DoesNotMatch("url\\(|@import", System.Text.Encoding.UTF8.GetString(Shelf.Open(asset.File)!.Content)));

    private static IEnumerable<Asset> All() => Shelf.Names.Select(name => Shelf.Find(name)!);

    private static long Weight(IEnumerable<string> names) => names.Sum(name => Shelf.Find(name)?.CompressedBytes ?? 0);

    private static IEnumerable<string> Named(string component) => Script().Matches(component).Select(match => match.Groups[1].Value + ".js")
        .Concat(Workers().Matches(component).SelectMany(match => Quoted().Matches(match.Groups[1].Value)).Select(match => match.Groups[1].Value + ".worker.js"));

    [GeneratedRegex(@"<PageFrame\b[^>]*?\bScript=""([a-z-]+)""")]
    private static partial Regex Script();

    [GeneratedRegex(@"\bWorkers=""@\(\[(.*?)\]\)""")]
    private static partial Regex Workers();

    [GeneratedRegex(@"""([a-z-]+)""")]
    private static partial Regex Quoted();
}
