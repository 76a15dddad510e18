using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>How a <see cref="TransactionSender"/> pays and waits.</summary>
public sealed record TransactionSenderOptions
{
    /// <summary>Time between looks at the chain. Default 1 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time after which a transaction that is not mined is replaced by one that pays more. Default 60 s.</summary>
    public TimeSpan SpeedUpAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time after which <see cref="TransactionUnconfirmedException"/> ends the wait. Default 30 min.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>What a replacement pays more, in per cent; nodes refuse less than 10. Default 15.</summary>
    public int FeeBumpPercent { get; init; } = 15;

    /// <summary>Gas allowed beyond the estimate, in per cent, because state changes until the transaction is mined. Default 20.</summary>
    public int GasMarginPercent { get; init; } = 20;

    /// <summary>Wei per gas that are never exceeded; null for no limit. Default null.</summary>
    public BigInteger? MaxFeePerGas { get; init; }
}
