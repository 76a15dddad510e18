using System.Text;

namespace Commonhold.Exports.Sources.Json;

/// <summary>A selection as two trees: from the document to what is held at once, and from a record to its fields.</summary>
/// <remarks>A field that begins with <c>^</c> stands in the container: what the first <c>[*]</c> or <c>.*</c> of the path reaches, such as
/// the conversation around a message. Then the container is held whole and its records are taken out of it, since what is asked of
/// it may stand behind them. A field that ends in <c>[*]</c> joins the texts of a list, one a line.</remarks>
internal sealed class JsonPlan
{
    /// <summary>Records that are documents by themselves, their fields' names taken as they are.</summary>
    public JsonPlan(IReadOnlyList<string> names)
    {
        (Document.IsUnit, Document.IsRecord) = (true, true);
        for (var i = 0; i < names.Count; i++)
            Document.Add(new JsonStep(JsonStepKind.Member, Encoding.UTF8.GetBytes(names[i]), 0)).Slot = i;
    }

    public JsonPlan(RecordSelection selection)
    {
        var path = JsonPath.Parse(selection.Path);
        HasContainer = selection.Fields.Any(f => f.StartsWith('^'));
        var held = path.Count;
        if (HasContainer)
        {
            held = path.ToList().FindIndex(s => s.Kind is JsonStepKind.AnyItem or JsonStepKind.AnyMember) + 1;
            if (held == 0 || held == path.Count)
                throw new ArgumentException($"Records at '{selection.Path}' have no container.");
        }

        var unit = path.Take(held).Aggregate(Document, (node, step) => node.Add(step));
        unit.IsUnit = true;
        var record = unit;
        if (HasContainer)
        {
            path.Skip(held).Aggregate(unit, (node, step) => node.Add(step)).IsInner = true;
            record = Record;
        }

        record.IsRecord = true;

        for (var i = 0; i < selection.Fields.Count; i++)
        {
            var field = selection.Fields[i];
            var outer = field.StartsWith('^');
            AddField(outer ? unit : record, outer ? field[1..] : field, i);
        }
    }

    public JsonPlace Document { get; } = new();

    /// <summary>A record by itself, where it is taken out of a container.</summary>
    public JsonPlace Record { get; } = new();

    public bool HasContainer { get; }

    private static void AddField(JsonPlace root, string field, int slot)
    {
        var steps = JsonPath.ParseField(field);
        var node = root;
        foreach (var step in steps)
        {
            if (step.Kind == JsonStepKind.AnyMember || (step.Kind == JsonStepKind.AnyItem && step != steps[^1]))
                throw new ArgumentException($"'{field}' is more than one value.");
            node = node.Add(step);
        }

        if (node.Slot >= 0)
            throw new ArgumentException($"'{field}' is asked for twice.");
        node.Slot = slot;
        node.Joins = steps.Count > 0 && steps[^1].Kind == JsonStepKind.AnyItem;
    }
}
