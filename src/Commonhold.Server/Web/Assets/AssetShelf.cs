using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace Commonhold.Server.Web.Assets;

/// <summary>The scripts and styles that were built into this program, in memory.</summary>
internal sealed class AssetShelf
{
    private const string Prefix = "assets/";

    private readonly FrozenDictionary<string, Asset> _byName;
    private readonly FrozenDictionary<string, AssetFile> _byFile;

    public AssetShelf()
        : this(typeof(AssetShelf).Assembly)
    {
    }

    private AssetShelf(Assembly assembly)
    {
        using var index = assembly.GetManifestResourceStream(Prefix + "assets.json");
        _byName = (index is null ? [] : JsonSerializer.Deserialize<Dictionary<string, Asset>>(index)!).ToFrozenDictionary();
        _byFile = _byName.Values.ToFrozenDictionary(asset => asset.File, asset => new AssetFile(
            asset.File.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8",
            Read(assembly, asset.File), Read(assembly, asset.File + ".br")));
    }

    /// <summary>False when the program was built before the scripts: pages then say so.</summary>
    public bool IsBuilt => _byName.Count > 0;

    public IEnumerable<string> Names => _byName.Keys;

    /// <param name="name">As it is called before its digest is added: <c>site.css</c>, <c>vote.js</c>, <c>contribute.worker.js</c>.</param>
    public Asset? Find(string name) => _byName.GetValueOrDefault(name);

    public AssetFile? Open(string file) => _byFile.GetValueOrDefault(file);

    private static byte[] Read(Assembly assembly, string file)
    {
        using var stream = assembly.GetManifestResourceStream(Prefix + file) ?? throw new InvalidOperationException($"The asset {file} was not embedded; build web again, then the server.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

internal sealed record AssetFile(string MediaType, byte[] Content, byte[] Brotli);
