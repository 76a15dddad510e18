namespace Commonhold.Exports.Sources;

/// <summary>Records of a third party's file, one at a time, in the order in which they stand there.</summary>
/// <remarks>Every reader holds one record at a time and refuses (<see cref="ExportRefusedException"/>, nothing else escapes) what is
/// longer, deeper or more than its limits, and what it cannot read whole: no record is skipped in silence.</remarks>
internal interface IRecordReader : IDisposable
{
    /// <summary>Number of the record that was read last, from 1, over all selections.</summary>
    long Number { get; }

    /// <summary>Which of the selections that the reader was made with the record belongs to.</summary>
    int Selection { get; }

    /// <summary>Goes to the next record; false at the end of a file that was whole.</summary>
    bool Read();

    /// <summary>A field by its place in <see cref="RecordSelection.Fields"/>; false where the record does not have it.
    /// What is given is valid until the next <see cref="Read"/>.</summary>
    bool TryGet(int field, out SourceValue value);

    /// <summary>Names of fields that stood in the records so far and were not asked for: what stays behind. A reader that passes
    /// over them unseen names none. Bounded; in order of first appearance.</summary>
    IReadOnlyCollection<string> OtherFields => [];

    /// <summary>What a person should know about what was read, such as that newer rows stand in another file; known after the
    /// first <see cref="Read"/>.</summary>
    string? Note => null;
}

/// <summary>Which records of a file are wanted, and what of them.</summary>
/// <param name="Path">Where they stand, in the language of the reader.</param>
/// <param name="Fields">The fields that may be asked for, in the language of the reader; nothing else is kept.</param>
internal sealed record RecordSelection(string Path, IReadOnlyList<string> Fields);
