using System.Globalization;
using System.Numerics;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Releases;

namespace Commonhold.Server.Transparency;

internal enum LedgerView
{
    All,
    Releases,
    Grants,
    Payments,
    Batches,
}

/// <summary>What is asked of the page, as it stands in its address.</summary>
internal sealed record LedgerQuery(LedgerView Show, LedgerPlace? Before, GrantId? Grant, uint? Guardian)
{
    public static LedgerQuery From(string? show, string? before, ulong? grant, uint? guardian) => new(
        Enum.TryParse<LedgerView>(show, ignoreCase: true, out var view) && Enum.IsDefined(view) && !char.IsAsciiDigit(show![0]) ? view : LedgerView.All,
        LedgerPlace.Parse(before), grant is { } id and <= long.MaxValue ? new GrantId(id) : null, guardian);

    public string ToAddress() => string.Create(CultureInfo.InvariantCulture,
        $"/transparency?show={Show.ToString().ToLowerInvariant()}{(Grant is { } grant ? $"&grant={grant}" : "")}{(Guardian is { } guardian ? $"&guardian={guardian}" : "")}{(Before is { } before ? $"&before={before}" : "")}");
}

/// <summary>Where an entry stands: block, kind within the block, place within the kind. Newest is largest.</summary>
internal readonly record struct LedgerPlace(long Block, long Rank, long Id)
{
    public static LedgerPlace Newest { get; } = new(long.MaxValue, 0, 0);

    public static LedgerPlace? Parse(string? text) =>
        text?.Split('.') is [var block, var rank, var id] && Number(block) is { } b && Number(rank) is { } r && Number(id) is { } i ? new LedgerPlace(b, r, i) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Block}.{Rank}.{Id}");

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>Something that happened on chain.</summary>
/// <param name="Kind">batch, withdrawn, requested, opened, renewed, revoked, refunded, collected, distributed or claimed.</param>
/// <param name="Subject">Number of the batch, request or payment.</param>
internal sealed record LedgerEntry(
    LedgerPlace Place, string Kind, long Subject, Address? Account, Address? Currency, BigInteger? Amount, long? Count, GrantTerms? Terms,
    BigInteger? Members, BigInteger? Operators, BigInteger? Treasury, long? EndsAt, long At, string TransactionHash);

/// <summary>What the page at <c>/transparency</c> shows.</summary>
/// <param name="Scopes">Contributions in the first so many batches.</param>
/// <param name="Next">Where older entries go on.</param>
/// <param name="IsCheckable">Browsers are told a chain endpoint.</param>
internal sealed record TransparencyModel(
    LedgerQuery Query, IReadOnlyList<GuardianStanding> Guardians, uint Threshold, IReadOnlyList<ReleaseView> Lines, IReadOnlyList<LedgerEntry> Events,
    IReadOnlyDictionary<Address, Currency> Currencies, IReadOnlyDictionary<ulong, long> Scopes, LedgerPlace? Next, bool IsCheckable, long FirstBlock)
{
    public uint? IndexOf(Address guardian) => Guardians.FirstOrDefault(standing => standing.Address == guardian)?.Index;

    public string OlderAddress => (Query with { Before = Next }).ToAddress();
}
