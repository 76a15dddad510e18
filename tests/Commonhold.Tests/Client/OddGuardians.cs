using System.Text.Json;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

/// <summary>Changes another guardian's answers: opened with the buyer's key, sealed again.</summary>
internal abstract class ChangingGuardian(IGuardianClient inner, X25519Identity buyer) : IGuardianClient
{
    public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) => inner.GetInfoAsync(cancellationToken);

    public async Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken)
    {
        using SecretBytes json = AgeFile.Open(await inner.ReleaseAsync(request, cancellationToken), buyer);
        ReleaseAnswer answer = JsonSerializer.Deserialize(json.Span, WireJson.Default.ReleaseAnswer)!;
        return AgeFile.Seal(JsonSerializer.SerializeToUtf8Bytes(Change(answer), WireJson.Default.ReleaseAnswer), buyer.Recipient);
    }

    public IAsyncEnumerable<string> ReadLogAsync(ulong from, CancellationToken cancellationToken) => inner.ReadLogAsync(from, cancellationToken);

    protected abstract ReleaseAnswer Change(ReleaseAnswer answer);
}

internal sealed class LyingGuardian(IGuardianClient inner, X25519Identity buyer, bool isPoint) : ChangingGuardian(inner, buyer)
{
    protected override ReleaseAnswer Change(ReleaseAnswer answer) => answer with
    {
        // Another contribution's true answer is a fine point, and wrong here; the digest of something is rarely a point at all.
        Answers = [.. answer.Answers.Select((a, i) => a with
        {
            Answer = isPoint && answer.Answers.Count > 1 ? answer.Answers[(i + 1) % answer.Answers.Count].Answer : Bytes32.FromUInt256(2),
        })],
    };
}

internal sealed class WithholdingGuardian(IGuardianClient inner, X25519Identity buyer, uint index) : ChangingGuardian(inner, buyer)
{
    protected override ReleaseAnswer Change(ReleaseAnswer answer) => answer with
    {
        Answers = [.. answer.Answers.Where(a => a.Index != index)],
        Refused = answer.Answers.Any(a => a.Index == index) ? [new ShareRefusal(index, "contribution.withdrawn")] : [],
    };
}

internal sealed class ProoflessGuardian(IGuardianClient inner) : IGuardianClient
{
    public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) => inner.GetInfoAsync(cancellationToken);

    public Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) => request.Proofs
        ? throw new CommonholdException(new Refusal("guardian.rate_limited", "Ask again in 60 s."), isTransient: true)
        : inner.ReleaseAsync(request, cancellationToken);

    public IAsyncEnumerable<string> ReadLogAsync(ulong from, CancellationToken cancellationToken) => inner.ReadLogAsync(from, cancellationToken);
}

internal sealed class DeadGuardian : IGuardianClient
{
    public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) => throw Dead();

    public Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) => throw Dead();

    public IAsyncEnumerable<string> ReadLogAsync(ulong from, CancellationToken cancellationToken) => throw Dead();

    private static CommonholdException Dead() => new(new Refusal("http.unreachable", "It is down."), isTransient: true);
}

internal sealed class RefusingGuardian(string code) : IGuardianClient
{
    public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) =>
        throw new CommonholdException(new Refusal(code, "No."));

    public IAsyncEnumerable<string> ReadLogAsync(ulong from, CancellationToken cancellationToken) => throw new NotSupportedException();
}
