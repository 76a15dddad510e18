using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Commonhold.Tests.Architecture;

/// <summary>The walls of ARCHITECTURE.md: which project may use which, and which folder of the server which.</summary>
/// <remarks>Projects are read from their project files, so that a reference that nothing uses yet is seen as well; tiers from the
/// `using` lines and the qualified names of the server's sources and pages, whose namespaces are their folders.</remarks>
public sealed partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Walls = new()
    {
        ["Commonhold.Age"] = [],
        ["Commonhold.Ethereum"] = [],
        ["Commonhold.Exports"] = [],
        ["Commonhold.Client"] = ["Commonhold.Age", "Commonhold.Ethereum", "Commonhold.Exports"],
        ["Commonhold.Guardian"] = ["Commonhold.Client"],
        ["Commonhold.Validator"] = ["Commonhold.Client"],
        ["Commonhold.Server"] = ["Commonhold.Client"],
        ["Commonhold.Cli"] = ["Commonhold.Client", "Commonhold.Guardian", "Commonhold.Server", "Commonhold.Validator"],
    };

    private static readonly string[] Published = ["Commonhold.Age", "Commonhold.Ethereum", "Commonhold.Client", "Commonhold.Exports"];

    private static readonly string[][] Tiers =
    [
        ["Storage", "Operations", "Web"],
        ["Indexer", "Relay", "Accounts"],
        ["Contributions", "Access", "Revenue", "Governance", "Ceremonies", "Catalogue", "Releases", "Creation"],
        ["Home", "Operate", "Transparency"],
    ];

    [Fact]
    public void Every_project_uses_exactly_what_its_wall_lets_through()
    {
        var found = Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(d => Path.GetFileName(d)!).Where(HasProject).Order();
        Assert.Equal(Walls.Keys.Order(), found);
        foreach (var (project, allowed) in Walls)
            Assert.Equal((project, string.Join(", ", allowed)), (project, string.Join(", ", References(project).Order(StringComparer.Ordinal))));
    }

    [Theory]
    [InlineData("Commonhold.Age")]
    [InlineData("Commonhold.Ethereum")]
    [InlineData("Commonhold.Exports")]
    [InlineData("Commonhold.Client")]
    public void A_published_library_needs_no_package_of_others(string project) =>
        Assert.Empty(Project(project).Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value));

    [Fact]
    public void Only_published_libraries_have_public_types()
    {
        foreach (var project in Walls.Keys.Except(Published))
        {
            var offenders = Sources(project).Where(file => PublicType().IsMatch(File.ReadAllText(file))).Select(Name);
            Assert.True(!offenders.Any(), $"{project} has public types: {string.Join(", ", offenders)}");
        }
    }

    [Fact]
    public void The_node_cannot_open_a_file()
    {
        // The node is never to hold a key of the dataset or see plaintext: it has no business with age's identities.
        var offenders = Sources("Commonhold.Server").Where(file => AgeOpening().IsMatch(File.ReadAllText(file))).Select(Name);
        Assert.Empty(offenders);
    }

    [Fact]
    public void A_folder_of_the_server_uses_folders_of_its_own_or_a_lower_tier()
    {
        var wrong = new List<string>();
        foreach (var file in Sources("Commonhold.Server").Concat(Sources("Commonhold.Server", "*.razor")))
        {
            var folder = FolderOf(file);
            if (folder is null)
                continue; // NodeHost composes all of them; _Imports.razor serves all.
            foreach (Match use in ServerFolder().Matches(File.ReadAllText(file)))
            {
                var used = use.Groups[1].Value;
                if (TierOf(used) > TierOf(folder))
                    wrong.Add($"{Name(file)} (tier {TierOf(folder) + 1}) uses {used} (tier {TierOf(used) + 1})");
            }
        }

        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Every_folder_of_the_server_has_a_tier()
    {
        var folders = Directory.GetDirectories(Source("Commonhold.Server")).Select(d => Path.GetFileName(d)!)
            .Where(d => d is not ("bin" or "obj" or "Properties" or "wwwroot"));
        Assert.Empty(folders.Except(Tiers.SelectMany(t => t)));
    }

    [Fact]
    public void Every_package_has_its_reason_written_down()
    {
        var reasons = File.ReadAllText(Path.Combine(Repository.Root, "docs", "dependencies.md"));
        var packages = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion").Select(p => p.Attribute("Include")!.Value);
        Assert.Empty(packages.Where(package => !reasons.Contains($"`{package}`", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> References(string project) => Project(project).Descendants("ProjectReference")
        .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));

    private static XDocument Project(string project) => XDocument.Load(Path.Combine(Source(project), project + ".csproj"));

    private static bool HasProject(string directory) => File.Exists(Path.Combine(Source(directory), directory + ".csproj"));

    private static string Source(string project) => Path.Combine(Repository.Root, "src", project);

    private static IEnumerable<string> Sources(string project, string pattern = "*.cs") => Directory.GetFiles(Source(project), pattern, SearchOption.AllDirectories)
        .Where(file => !InBuildOutput().IsMatch(Path.GetRelativePath(Source(project), file)));

    private static string Name(string file) => Path.GetRelativePath(Repository.Root, file);

    private static string? FolderOf(string file)
    {
        var path = Path.GetRelativePath(Source("Commonhold.Server"), file).Split(Path.DirectorySeparatorChar);
        return path.Length > 1 ? path[0] : null;
    }

    private static int TierOf(string folder)
    {
        var tier = Array.FindIndex(Tiers, t => t.Contains(folder));
        return tier >= 0 ? tier : throw new InvalidOperationException($"the server's folder {folder} has no tier in ArchitectureTests");
    }

    [GeneratedRegex(@"^(public|public (static|sealed|abstract|readonly|partial|unsafe|ref| )+) ?(class|record|struct|interface|enum) ", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\b(X25519Identity|ScryptIdentity|ThresholdIdentity|KeyShare|IAgeIdentity|AgeFile\.(Open|Decrypt))")]
    private static partial Regex AgeOpening();

    [GeneratedRegex(@"Commonhold\.Server\.([A-Z]\w+)")]
    private static partial Regex ServerFolder();

    [GeneratedRegex(@"^(bin|obj)[/\\]")]
    private static partial Regex InBuildOutput();
}
