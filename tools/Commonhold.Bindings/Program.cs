using Commonhold.Bindings;

// Reads forge's output and writes the C# bindings and the artifacts that they load.
// Run from the repository: dotnet run --project tools/Commonhold.Bindings
string forgeOut = args.Length > 0 ? args[0] : Path.Combine("contracts", "out");
string target = args.Length > 1 ? args[1] : Path.Combine("src", "Commonhold.Client", "Contracts");
if (!Directory.Exists(forgeOut))
{
    Console.Error.WriteLine($"bindings: error: {forgeOut} is missing");
    Console.Error.WriteLine("bindings: hint: cd contracts && npm ci && npx forge build");
    return 1;
}

foreach ((string path, string text) in BindingSet.Generate(forgeOut))
{
    string file = Path.Combine(target, path);
    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
    if (!File.Exists(file) || File.ReadAllText(file) != text)
    {
        File.WriteAllText(file, text);
        Console.WriteLine($"wrote {file}");
    }
}

return 0;
