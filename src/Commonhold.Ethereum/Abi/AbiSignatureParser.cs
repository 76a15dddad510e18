namespace Commonhold.Ethereum;

/// <summary>Reads Solidity's declarations of functions, events and errors.</summary>
internal static class AbiSignatureParser
{
    public static AbiFunction ParseFunction(string text)
    {
        var parser = new AbiTypeParser(text);
        string name = ReadName(ref parser, "function");
        IReadOnlyList<AbiParameter> inputs = parser.ReadParameters(0);
        IReadOnlyList<AbiParameter> outputs = [];
        string mutability = "nonpayable";
        for (string word = parser.ReadWord(); word.Length > 0; word = parser.ReadWord())
        {
            switch (word)
            {
                case "view" or "pure" or "payable" or "nonpayable":
                    mutability = word;
                    break;
                case "external" or "public":
                    break;
                case "returns":
                    outputs = parser.ReadParameters(0);
                    break;
                default:
                    throw parser.Unexpected();
            }
        }

        return parser.AtEnd() ? new AbiFunction(name, inputs, outputs, mutability) : throw parser.Unexpected();
    }

    public static AbiEvent ParseEvent(string text)
    {
        var parser = new AbiTypeParser(text);
        string name = ReadName(ref parser, "event");
        IReadOnlyList<AbiParameter> inputs = parser.ReadParameters(0);
        bool anonymous = parser.ReadWord() == "anonymous";
        return parser.AtEnd() ? new AbiEvent(name, inputs, anonymous) : throw parser.Unexpected();
    }

    public static AbiError ParseError(string text)
    {
        var parser = new AbiTypeParser(text);
        string name = ReadName(ref parser, "error");
        IReadOnlyList<AbiParameter> inputs = parser.ReadParameters(0);
        return parser.AtEnd() ? new AbiError(name, inputs) : throw parser.Unexpected();
    }

    private static string ReadName(ref AbiTypeParser parser, string keyword)
    {
        string word = parser.ReadWord();
        if (word == keyword && !parser.NextIs('('))
            word = parser.ReadWord();
        return word.Length > 0 ? word : throw parser.Unexpected();
    }
}
