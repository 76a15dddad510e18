using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Commonhold.Exports.Tables.Transforms;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>Something that may be true of a field; the field's place is in the table or among the source's fields.</summary>
internal sealed class Condition
{
    private readonly Form _form;
    private readonly IReadOnlyList<byte[]> _texts;
    private readonly double _number;

    private Condition(int field, string? because, Form form, IReadOnlyList<byte[]> texts, double number) =>
        (Field, Because, _form, _texts, _number) = (field, because, form, texts, number);

    private enum Form
    {
        Is,
        IsNot,
        StartsWith,
        Below,
        Empty,
        NotEmpty,
        LocalAddress,
    }

    public int Field { get; }

    /// <summary>Told to the member for rows that are left behind.</summary>
    public string? Because { get; }

    public static Condition Read(Node node, Func<Node, int> placeOf, bool hasReason)
    {
        node.Only(hasReason ? ["field", "because", "is", "isNot", "startsWith", "below", "empty", "localAddress"]
            : ["field", "is", "isNot", "startsWith", "below", "empty", "localAddress"]);
        var field = placeOf(node.Get("field"));
        var because = hasReason ? node.Get("because").Text() : null;
        if (node.Members(8).Count != (hasReason ? 3 : 2))
            throw node.Refuse("must have exactly one of is, isNot, startsWith, below, empty, localAddress");
        if (node.Find("is") is { } equal)
            return new Condition(field, because, Form.Is, Texts(equal), 0);
        if (node.Find("isNot") is { } other)
            return new Condition(field, because, Form.IsNot, Texts(other), 0);
        if (node.Find("startsWith") is { } start)
            return new Condition(field, because, Form.StartsWith, Texts(start), 0);
        if (node.Find("below") is { } below)
            return new Condition(field, because, Form.Below, [], below.Number(int.MinValue, int.MaxValue));
        if (node.Find("empty") is { } empty)
            return new Condition(field, because, empty.Flag() ? Form.Empty : Form.NotEmpty, [], 0);
        if (!node.Get("localAddress").Flag())
            throw node.Get("localAddress").Refuse("can only be true");
        return new Condition(field, because, Form.LocalAddress, [], 0);
    }

    public bool Holds(ReadOnlySpan<byte> value) => _form switch
    {
        Form.Is => IsAmong(value),
        Form.IsNot => !IsAmong(value),
        Form.StartsWith => Starts(value),
        Form.Below => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number < _number,
        Form.Empty => value.IsEmpty,
        Form.NotEmpty => !value.IsEmpty,
        _ => UrlText.IsLocal(value),
    };

    private static IReadOnlyList<byte[]> Texts(Node node) => [.. node.Texts(64).Select(Encoding.UTF8.GetBytes)];

    private bool IsAmong(ReadOnlySpan<byte> value)
    {
        foreach (var text in _texts)
        {
            if (value.SequenceEqual(text))
                return true;
        }

        return false;
    }

    private bool Starts(ReadOnlySpan<byte> value)
    {
        foreach (var text in _texts)
        {
            if (value.StartsWith(text))
                return true;
        }

        return false;
    }
}
