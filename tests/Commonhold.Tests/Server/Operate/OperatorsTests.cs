using System.Numerics;
using Commonhold.Ethereum;
using Commonhold.Server.Operate;
using Commonhold.Server.Operations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commonhold.Tests.Server.Operate;

public sealed class OperatorsTests : IDisposable
{
    private static readonly Address Alice = Address.Parse("0x00000000000000000000000000000000000000a1"), Bob = Address.Parse("0x00000000000000000000000000000000000000b2");

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Without_a_file_nobody_is_an_operator()
    {
        var operators = Make();
        Assert.False(operators.Contains(Alice));
        Assert.False(operators.Contains(null));
    }

    [Fact]
    public void The_file_is_read_again_when_it_changes()
    {
        var operators = Make();
        Write($"# the team\n{Alice}  # since May\n\n");
        Assert.True(operators.Contains(Alice));
        Assert.False(operators.Contains(Bob));

        Write($"{Bob}\n");
        Assert.False(operators.Contains(Alice));
        Assert.True(operators.Contains(Bob));

        File.Delete(_scratch[Operators.FileName]);
        Assert.False(operators.Contains(Bob));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("0x00000000000000000000000000000000000000")]
    public void A_file_with_a_wrong_line_makes_nobody_an_operator(string line)
    {
        Write($"{Alice}\n{line}\n");
        Assert.False(Make().Contains(Alice));
    }

    [Fact]
    public void What_the_relayer_spends_is_what_went_and_not_what_came()
    {
        RelayerMeter.Note[] notes = [.. new[] { "100", "90", "190", "185" }.Select((balance, i) => new RelayerMeter.Note { At = i * 3600, Balance = balance })];
        Assert.Equal(15, RelayerMeter.Spent(notes));
        Assert.Equal(185.0 / 15 * 3 / 24, RelayerMeter.DaysLeft(185, 15, TimeSpan.FromHours(3))!.Value, 6);
        Assert.Null(RelayerMeter.DaysLeft(185, BigInteger.Zero, TimeSpan.FromHours(3)));
        Assert.Null(RelayerMeter.DaysLeft(185, 15, TimeSpan.FromMinutes(50)));
    }

    private Operators Make() => new(new NodeOptions { DataDirectory = _scratch.Path, Rpc = new Uri("http://localhost"), Dao = default, Name = "x" }, NullLogger<Operators>.Instance);

    private void Write(string text)
    {
        File.WriteAllText(_scratch[Operators.FileName], text);
        // Two writes within one tick of the file system's clock would look the same.
        File.SetLastWriteTimeUtc(_scratch[Operators.FileName], DateTime.UnixEpoch.AddSeconds(text.Length));
    }
}
