namespace Commonhold.Ethereum;

/// <summary>A contract's event: decodes logs, makes topic filters.</summary>
public sealed class AbiEvent : AbiSignature
{
    private readonly AbiType[] _dataTypes;

    public AbiEvent(string name, IReadOnlyList<AbiParameter> inputs, bool isAnonymous = false)
        : base(name, inputs)
    {
        IsAnonymous = isAnonymous;
        _dataTypes = [.. inputs.Where(p => !p.IsIndexed).Select(p => p.Type)];
        if (inputs.Count - _dataTypes.Length > (isAnonymous ? 4 : 3))
            throw new FormatException($"{Text} has more indexed parameters than there are topics.");
    }

    public bool IsAnonymous { get; }

    /// <summary>The first topic of its logs, unless it is anonymous.</summary>
    public Bytes32 Topic => Digest;

    /// <summary>Parses <c>event Transfer(address indexed from, address indexed to, uint256 value)</c>.</summary>
    /// <exception cref="FormatException">Not an event's signature.</exception>
    public static AbiEvent Parse(string text) => AbiSignatureParser.ParseEvent(text);

    public bool Matches(IReadOnlyList<Bytes32> topics) =>
        topics.Count == Inputs.Count - _dataTypes.Length + (IsAnonymous ? 0 : 1) && (IsAnonymous || topics[0] == Topic);

    /// <summary>The parameters in order. An indexed one that does not fit a topic (string, bytes, array, tuple) comes as its
    /// 32-byte digest: the chain does not hold its value.</summary>
    /// <exception cref="AbiException">Not a log of this event.</exception>
    public AbiEventValues Decode(IReadOnlyList<Bytes32> topics, ReadOnlySpan<byte> data)
    {
        if (!Matches(topics))
            throw new AbiException($"The topics are not those of {Text}.");

        IReadOnlyList<AbiValue> unindexed = AbiDecoder.Decode(_dataTypes, data);
        var values = new AbiValue[Inputs.Count];
        int topic = IsAnonymous ? 0 : 1;
        int next = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = !Inputs[i].IsIndexed ? unindexed[next++]
                : AbiTopics.FitsTopic(Inputs[i].Type) ? AbiDecoder.Decode(Inputs[i].Type, topics[topic++].AsSpan())
                : topics[topic++];
        }

        return new AbiEventValues(this, values);
    }

    /// <summary>Topics that select logs by indexed parameters, in order; null stands for any value.</summary>
    /// <exception cref="ArgumentException">A value does not fit its parameter.</exception>
    public IReadOnlyList<Bytes32?> FilterTopics(params AbiValue?[] indexedValues)
    {
        AbiParameter[] indexed = [.. Inputs.Where(p => p.IsIndexed)];
        if (indexedValues.Length > indexed.Length)
            throw new ArgumentException($"{Text} has {indexed.Length} indexed parameters.", nameof(indexedValues));

        List<Bytes32?> topics = IsAnonymous ? [] : [Topic];
        topics.AddRange(indexedValues.Select((v, i) => v is null ? (Bytes32?)null : AbiTopics.Encode(indexed[i].Type, v)));
        return topics;
    }
}

/// <summary>A decoded log's values, by position or by name.</summary>
public sealed class AbiEventValues(AbiEvent @event, IReadOnlyList<AbiValue> values)
{
    public AbiEvent Event { get; } = @event;

    public IReadOnlyList<AbiValue> Values { get; } = values;

    public AbiValue this[int index] => Values[index];

    /// <exception cref="ArgumentException">The event has no parameter of that name.</exception>
    public AbiValue this[string name]
    {
        get
        {
            for (int i = 0; i < Values.Count; i++)
            {
                if (Event.Inputs[i].Name == name)
                    return Values[i];
            }

            throw new ArgumentException($"{Event.Text} has no parameter '{name}'.", nameof(name));
        }
    }
}
