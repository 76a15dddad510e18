using Commonhold.Client;
using Commonhold.Exports.Reddit;
using Commonhold.Validator.State;
using Commonhold.Validator.Value;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;

namespace Commonhold.Tests.Validator;

/// <summary>A value book of its own in memory, and made-up rows to put into it.</summary>
internal sealed class ValueWorld : IDisposable
{
    public static readonly RedditFormat Format = new();
    public static readonly ValueTerms Terms = ValueTerms.Of(ContributionPolicy.Standard(Format.Schema));
    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public ValueWorld()
    {
        _connection.Open();
        using var command = _connection.CreateCommand();
        command.CommandText = ValueBook.Schema;
        command.ExecuteNonQuery();
        Book = new ValueBook(_connection);
    }

    // Each key has one cell, as in honest exports; its quality may differ from upload to upload.
    public static Arbitrary<List<ValuedRow>> Rows { get; } = (
        from key in Gen.Choose(0, 60)
        from quality in Gen.Choose(0, 255)
        select Row(key, quality)).ListOf().Select(l => l.ToList()).ToArbitrary();

    public ValueBook Book { get; }

    public ValueTerms Paying { get; init; } = Terms;

    public int Multiplier { get; init; } = 1000;

    public static ValuedRow Row(int key, int quality = 255) =>
        new((ulong)key * 0x9E3779B97F4A7C15, ((ulong)((key % 3) + 1) << 56) + (ulong)(key % 7), (byte)quality);

    /// <summary>A row of another person, in the same cells.</summary>
    public static ValuedRow Foreign(ValuedRow row, uint person) => row with { Key = row.Key ^ (person * 0xD1B54A32D192ED03) };

    /// <summary>Uploads as an account that proved nothing.</summary>
    public long Upload(uint account, IEnumerable<ValuedRow> rows, long paidElsewhere = 0) =>
        Take(account, account, rows, EvidenceLevel.Structure, isProved: false, paidElsewhere);

    /// <summary>Uploads as a proved account of a cluster.</summary>
    public long Prove(uint account, IEnumerable<ValuedRow> rows, EvidenceLevel level = EvidenceLevel.Email, uint? root = null, long paidElsewhere = 0) =>
        Take(account, root ?? account, rows, level, isProved: true, paidElsewhere);

    public Valuation Assess(uint account, uint root, IEnumerable<ValuedRow> rows, EvidenceLevel level, bool isProved, long paidElsewhere = 0) => Book.Assess(
        new ValueRequest(
            Format, RowSet.From(rows), CellNames.None, new AccountNumber(account), new AccountNumber(root), isProved, level, new Points((UInt128)paidElsewhere)),
        Paying, Multiplier);

    public ValueLedger? Ledger(uint account) => Book.Find(Format, new AccountNumber(account));

    public void Join(uint root, params uint[] others) => Book.Join(Format, new AccountNumber(root), others.Select(o => new AccountNumber(o)));

    /// <summary>What the pool holds, cell by cell.</summary>
    public string Pool()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT group_concat(cell || ':' || quality, ' ') FROM (SELECT * FROM pool_cells WHERE quality <> 0 ORDER BY cell)";
        return command.ExecuteScalar() as string ?? "";
    }

    public void Dispose() => _connection.Dispose();

    private long Take(uint account, uint root, IEnumerable<ValuedRow> rows, EvidenceLevel level, bool isProved, long paidElsewhere)
    {
        var valuation = Assess(account, root, rows, level, isProved, paidElsewhere);
        Book.Accept(valuation, new AccountNumber(isProved ? root : account));
        return (long)valuation.Earned.Value;
    }
}
