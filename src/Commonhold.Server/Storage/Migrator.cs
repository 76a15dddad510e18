using System.Globalization;
using System.Reflection;
using Dapper;

namespace Commonhold.Server.Storage;

/// <summary>Brings a database to this version: the numbered files of <c>Migrations/</c>, in order, each once, each whole.</summary>
internal sealed class Migrator(Database database, IReadOnlyList<Migration> migrations)
{
    public Migrator(Database database) : this(database, Embedded())
    {
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL)", null, cancellationToken);
        var done = await database.QueryAsync<long>("SELECT number FROM migrations ORDER BY number", null, cancellationToken);
        var newest = migrations.Count == 0 ? 0 : migrations[^1].Number;
        if (done.Count > 0 && done[^1] > newest)
            throw new InvalidOperationException($"The database is at version {done[^1]}; this program knows {newest}. Use the newer program.");
        foreach (var migration in migrations.Skip(done.Count))
            await database.InTransactionAsync(async transaction =>
            {
                await transaction.Connection!.ExecuteAsync(migration.Sql, transaction: transaction);
                return await transaction.Connection!.ExecuteAsync(
                    "INSERT INTO migrations (number, name) VALUES (@Number, @Name)", migration, transaction);
            }, cancellationToken);
    }

    internal static IReadOnlyList<Migration> Embedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string folder = "Commonhold.Server.Storage.Migrations.";
        var found = assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                var file = name[folder.Length..];
                return new Migration(long.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), file, reader.ReadToEnd());
            }).ToList();
        for (var i = 0; i < found.Count; i++)
            if (found[i].Number != i + 1)
                throw new InvalidOperationException($"Migration {found[i].Name} should have number {i + 1:D4}.");
        return found;
    }
}

internal sealed record Migration(long Number, string Name, string Sql);
