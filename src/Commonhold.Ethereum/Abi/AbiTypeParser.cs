using System.Globalization;

namespace Commonhold.Ethereum;

/// <summary>Reads type names and human-readable signatures; nesting is bounded.</summary>
internal ref struct AbiTypeParser(string text)
{
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<char> _text = text;
    private int _position;

    public static AbiType ParseType(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new AbiTypeParser(text);
        AbiType type = parser.ReadType(0);
        return parser._position == text.Length ? type : throw parser.Unexpected();
    }

    /// <summary>The array suffix that JSON ABIs put after <c>tuple</c>: <c>[]</c>, <c>[2][]</c>.</summary>
    public static AbiType ApplySuffix(AbiType element, string suffix)
    {
        var parser = new AbiTypeParser(suffix);
        AbiType type = parser.ReadArrays(element, 0);
        return parser._position == suffix.Length ? type : throw parser.Unexpected();
    }

    /// <summary>Reads <c>(type indexed? name?, …)</c>.</summary>
    public IReadOnlyList<AbiParameter> ReadParameters(int depth)
    {
        Expect('(');
        var parameters = new List<AbiParameter>();
        SkipSpaces();
        if (TryTake(')'))
            return parameters;

        do
        {
            SkipSpaces();
            AbiType type = ReadType(depth);
            bool indexed = false;
            string word = "";
            for (string next = ReadWord(); next.Length > 0; next = ReadWord())
            {
                indexed |= next == "indexed";
                // Data locations are no part of the ABI.
                word = next is "indexed" or "calldata" or "memory" or "storage" or "payable" ? word : next;
            }

            parameters.Add(new AbiParameter(word, type, indexed));
            SkipSpaces();
        }
        while (TryTake(','));
        Expect(')');
        return parameters;
    }

    public string ReadWord()
    {
        SkipSpaces();
        int start = _position;
        while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] is '_' or '$'))
            _position++;
        return _text[start.._position].ToString();
    }

    public bool AtEnd()
    {
        SkipSpaces();
        _ = TryTake(';');
        return _position == _text.Length;
    }

    public bool NextIs(char c)
    {
        SkipSpaces();
        return _position < _text.Length && _text[_position] == c;
    }

    public FormatException Unexpected() =>
        new($"'{Hex.Shorten(_text.ToString())}' is not an ABI type or signature (at character {_position}).");

    private AbiType ReadType(int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException($"ABI types are nested deeper than {MaxDepth}.");

        if (NextIs('('))
            return ReadArrays(new AbiTupleType(ReadParameters(depth + 1)), depth);

        string word = ReadWord();
        if (word == "tuple" && NextIs('('))
            return ReadArrays(new AbiTupleType(ReadParameters(depth + 1)), depth);

        return ReadArrays(Elementary(word), depth);
    }

    private AbiType Elementary(string name) => name switch
    {
        "uint" => AbiType.UInt256,
        "int" => new AbiIntegerType(256, isSigned: true),
        "bool" => AbiType.Bool,
        "address" => AbiType.Address,
        "string" => AbiType.Text,
        "bytes" => AbiType.Bytes,
        // An external function value: an address and a selector.
        "function" => new AbiBytesType(24),
        _ when Suffix(name, "uint") is int bits => new AbiIntegerType(bits, isSigned: false),
        _ when Suffix(name, "int") is int bits => new AbiIntegerType(bits, isSigned: true),
        _ when Suffix(name, "bytes") is int length => new AbiBytesType(length),
        _ => throw Unexpected(),
    };

    private static int? Suffix(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && name.Length <= prefix.Length + 3 ? Number(name.AsSpan(prefix.Length)) : null;

    private static int? Number(ReadOnlySpan<char> digits) =>
        digits.Length > 0 && (digits[0] != '0' || digits.Length == 1)
        && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    private AbiType ReadArrays(AbiType element, int depth)
    {
        while (TryTake('['))
        {
            if (++depth > MaxDepth)
                throw new FormatException($"ABI types are nested deeper than {MaxDepth}.");

            int start = _position;
            while (_position < _text.Length && char.IsAsciiDigit(_text[_position]))
                _position++;
            ReadOnlySpan<char> digits = _text[start.._position];
            int? length = digits.IsEmpty ? null : Number(digits) ?? throw Unexpected();
            Expect(']');
            element = new AbiArrayType(element, length);
        }

        return element;
    }

    private void SkipSpaces()
    {
        while (_position < _text.Length && _text[_position] == ' ')
            _position++;
    }

    private bool TryTake(char c)
    {
        if (_position >= _text.Length || _text[_position] != c)
            return false;

        _position++;
        return true;
    }

    private void Expect(char c)
    {
        SkipSpaces();
        if (!TryTake(c))
            throw Unexpected();
    }
}
