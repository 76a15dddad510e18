using Commonhold.Cli.Voice;
using Commonhold.Client;

namespace Commonhold.Cli.Keys;

/// <summary>The key files of one directory: one a person or role, sealed by passphrase.</summary>
internal sealed class KeyRing(string directory)
{
    public const string DefaultName = "me";

    public string FileOf(string name)
    {
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new CommandFailedException($"'{name}' is no name for a key", "letters, digits, - and _", ExitCode.Usage);
        return Path.Combine(directory, name + ".age");
    }

    public IEnumerable<string> Names() => Directory.Exists(directory)
        ? Directory.GetFiles(directory, "*.age").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)
        : [];

    public MemberKey Open(string name)
    {
        var file = FileOf(name);
        if (!File.Exists(file))
            throw new CommandFailedException($"there is no key '{name}' in {directory}", name == DefaultName ? "commonhold key new" : $"commonhold key new {name}");
        return MemberKey.Load(file, Passphrases.Ask(file));
    }

    /// <param name="generate">Seal it with a passphrase that is kept beside it: for trials, and for machines that start without a person.</param>
    public MemberKey Create(string name, bool generate)
    {
        var file = FileOf(name);
        if (File.Exists(file))
            throw new CommandFailedException($"{file} exists already", "keys are never overwritten: choose another name");
        CommonholdHome.Private(directory);
        var key = MemberKey.Generate();
        if (generate)
            key.Save(file, Passphrases.Generated(file), Passphrases.WorkFactorOfGenerated);
        else
            key.Save(file, Passphrases.Ask(file, twice: true));
        return key;
    }

    /// <summary>For the roles of an embedded node: opened, or made at the first start.</summary>
    public MemberKey OpenOrGenerate(string name) => File.Exists(FileOf(name)) ? Open(name) : Create(name, generate: true);
}
