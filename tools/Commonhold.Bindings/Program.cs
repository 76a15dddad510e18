using Commonhold.Bindings;

// Reads forge's output and writes the C# bindings and the artifacts that they load, then from those artifacts the browser's ABIs and the digests of the code.
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
    WriteIfChanged(Path.Combine(target, path), text);
WriteIfChanged(args.Length > 2 ? args[2] : Path.Combine("web", "chain", "abi.ts"), AbiModule.Write(Path.Combine(target, "Artifacts")));
WriteIfChanged(Path.Combine("web", "creation", "contracts.ts"), ContractDigests.Module(Path.Combine(target, "Artifacts")));
WriteIfChanged(Path.Combine("docs", "contract-digests.md"), ContractDigests.Page(Path.Combine(target, "Artifacts")));
return 0;

static void WriteIfChanged(string file, string text)
{
    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
    if (File.Exists(file) && File.ReadAllText(file) == text)
        return;
    File.WriteAllText(file, text);
    Console.WriteLine($"wrote {file}");
}
