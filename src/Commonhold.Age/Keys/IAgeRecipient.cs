namespace Commonhold.Age;

/// <summary>Someone a file is encrypted to.</summary>
public interface IAgeRecipient
{
    /// <summary>The stanza that lets this recipient, and nobody else, unwrap <paramref name="key"/>.</summary>
    Stanza Wrap(FileKey key);
}

/// <summary>Something that can unwrap the file key of some files.</summary>
public interface IAgeIdentity
{
    /// <summary>The file key, or null when no stanza is for this identity.</summary>
    /// <exception cref="AgeException">A stanza is for this identity and is refused.</exception>
    FileKey? Unwrap(AgeHeader header);
}
