namespace Commonhold.Exports.Sources.Sqlite;

internal enum SqlTokenKind : byte
{
    /// <summary>A word without quotes: a keyword, a name or a type.</summary>
    Word,

    /// <summary>A name in quotes, backticks or brackets.</summary>
    Quoted,

    /// <summary>Text in apostrophes.</summary>
    Text,
    Number,

    /// <summary>Anything else, a character at a time.</summary>
    Mark,
}

/// <summary>A piece of an SQL statement; comments and space are left out.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text)
{
    public bool Is(string word) => Kind == SqlTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsMark(char mark) => Kind == SqlTokenKind.Mark && Text[0] == mark;

    /// <summary>All pieces; null when a quote or a comment never ends.</summary>
    public static List<SqlToken>? Read(string sql)
    {
        var tokens = new List<SqlToken>();
        var at = 0;
        while (at < sql.Length)
        {
            var c = sql[at];
            if (char.IsWhiteSpace(c))
                at++;
            else if (c == '-' && At(sql, at + 1) == '-')
                at = sql.IndexOf('\n', at) is >= 0 and var end ? end : sql.Length;
            else if (c == '/' && At(sql, at + 1) == '*')
                at = sql.IndexOf("*/", at + 2, StringComparison.Ordinal) is >= 0 and var end ? end + 2 : sql.Length;
            else if (c is '"' or '`' or '\'' or '[')
            {
                if (Quoted(sql, ref at) is not { } text)
                    return null;
                tokens.Add(new SqlToken(c == '\'' ? SqlTokenKind.Text : SqlTokenKind.Quoted, text));
            }
            else if (IsWord(c) || (c == '.' && char.IsAsciiDigit(At(sql, at + 1))))
            {
                var start = at++;
                var isNumber = char.IsAsciiDigit(c) || c == '.';
                while (at < sql.Length && (IsWord(sql[at]) || (isNumber && (sql[at] == '.' || (sql[at] is '+' or '-' && sql[at - 1] is 'e' or 'E')))))
                    at++;
                tokens.Add(new SqlToken(isNumber ? SqlTokenKind.Number : SqlTokenKind.Word, sql[start..at]));
            }
            else
            {
                tokens.Add(new SqlToken(SqlTokenKind.Mark, sql[at++].ToString()));
            }
        }

        return tokens;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || c >= 0x80;

    private static char At(string sql, int at) => at < sql.Length ? sql[at] : '\0';

    // A quote inside is written twice.
    private static string? Quoted(string sql, ref int at)
    {
        var close = sql[at] == '[' ? ']' : sql[at];
        var text = new System.Text.StringBuilder();
        while (true)
        {
            var end = sql.IndexOf(close, at + 1);
            if (end < 0)
                return null;
            text.Append(sql, at + 1, end - at - 1);
            at = end + 1;
            if (close == ']' || At(sql, at) != close)
                return text.ToString();
            text.Append(close);
        }
    }
}
