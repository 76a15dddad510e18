namespace Commonhold.Exports;

/// <summary>A record of any format as a visitor sees it. All spans are UTF-8 or bytes, and valid during the call only.</summary>
public readonly ref struct ExportRecord
{
    /// <summary>The longest <see cref="Key"/>, in bytes.</summary>
    public const int MaxKeyBytes = 128;

    public required RecordKind Kind { get; init; }

    /// <summary>What makes it this record and no other of its kind, in one spelling: 1 to <see cref="MaxKeyBytes"/> bytes. The same
    /// record has the same key in every export and in every form of the export.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Where it belongs: a community, a domain, an artist, in one spelling; empty for none.</summary>
    public ReadOnlySpan<byte> Place { get; init; }

    /// <summary>A small number for <see cref="Place"/> in order of first appearance, the same all through one pass; 0 for none.</summary>
    public int PlaceId { get; init; }

    /// <summary>When it happened; null where the export does not say.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>What it is worth within its cell, 0 to 255.</summary>
    public byte Quality { get; init; }

    /// <summary>What a person wrote, for finding near-duplicates; empty when nobody wrote anything.</summary>
    public ReadOnlySpan<byte> Text { get; init; }

    /// <summary>The platform's own number for it, where numbers rise with time all over the platform; null where they do not.</summary>
    public ulong? IdNumber { get; init; }
}

/// <summary>Sees every valued record of an export once, after the account is known. Nothing it is shown outlives the call.</summary>
public abstract class RecordVisitor
{
    public abstract void OnAccount(ExportAccount account);

    public abstract void OnRecord(in ExportRecord record);
}

/// <summary>Whose export it is, as the export tells it: unsigned.</summary>
/// <param name="Platform">In small letters: <c>reddit</c>. Part of the account's nullifier: never changed.</param>
/// <param name="Id">The platform's name or number for the account; null where the export has none and the member's wallet stands for it.</param>
public sealed record ExportAccount(string Platform, string? Id, DateTimeOffset? RegisteredAt, DateTimeOffset? ExportedAt);
