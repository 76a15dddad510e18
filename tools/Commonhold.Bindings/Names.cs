namespace Commonhold.Bindings;

/// <summary>Solidity names as C# names.</summary>
internal static class Names
{
    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal",
        "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for",
        "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null",
        "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte",
        "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof",
        "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    /// <summary><c>grantAt</c> → <c>GrantAt</c>, <c>MAX_DURATION</c> → <c>MaxDuration</c>, <c>DOMAIN_SEPARATOR</c> → <c>DomainSeparator</c>.</summary>
    public static string Pascal(string name)
    {
        bool shouting = name.Contains('_', StringComparison.Ordinal) || (name.Length > 1 && !name.Any(char.IsLower));
        IEnumerable<string> words = name.Split('_', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => char.ToUpperInvariant(word[0]) + (shouting && !word.Any(char.IsLower) ? word[1..].ToLowerInvariant() : word[1..]));
        return string.Concat(words);
    }

    public static string Parameter(string name, int position)
    {
        if (name.Length == 0)
            return $"value{position}";
        string pascal = Pascal(name);
        string camel = char.ToLowerInvariant(pascal[0]) + pascal[1..];
        return Keywords.Contains(camel) ? "@" + camel : camel;
    }

    public static string Property(string name, int position, string enclosing)
    {
        string pascal = name.Length == 0 ? $"Value{position}" : Pascal(name);
        // A member cannot bear the name of its type.
        return pascal == enclosing ? pascal + "Value" : pascal;
    }

    /// <summary>Quoted as a C# string.</summary>
    public static string Quote(string text) => $"\"{text}\"";
}
