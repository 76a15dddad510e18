namespace Commonhold.Cli;

/// <summary>The directory with keys and the embedded node's data. Everything in it is for its owner only.</summary>
internal sealed record CommonholdHome(string Root)
{
    public string Keys => Path.Combine(Root, "keys");

    public string Node => Path.Combine(Root, "node");

    public string Chain => Path.Combine(Root, "chain");

    public string Guardians => Path.Combine(Root, "guardians");

    public string Validator => Path.Combine(Root, "validator");

    /// <summary>The embedded node's own accounts: relayer and validator.</summary>
    public string Roles => Path.Combine(Root, "roles");

    public string DaoFile => Path.Combine(Root, "dao.json");

    public static CommonholdHome Find(string? given)
    {
        if (given is not null)
            return new(Path.GetFullPath(given));
        if (Environment.GetEnvironmentVariable("COMMONHOLD_HOME") is { Length: > 0 } own)
            return new(Path.GetFullPath(own));
        if (Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data)
            return new(Path.Combine(data, "commonhold"));
        return new(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".commonhold"));
    }

    /// <summary>Makes a directory that only its owner can enter.</summary>
    public static string Private(string directory)
    {
        // CreateDirectory gives its mode to the last directory only.
        if (Path.GetDirectoryName(Path.GetFullPath(directory)) is { } parent && !Directory.Exists(parent))
            Private(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return directory;
    }
}
