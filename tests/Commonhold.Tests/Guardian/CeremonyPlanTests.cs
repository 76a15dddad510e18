using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Guardians;
using Commonhold.Guardians.Ceremony;
using Commonhold.Guardians.Chain;

namespace Commonhold.Tests.Guardian;

public sealed class CeremonyPlanTests
{
    private static readonly Secp256k1Key[] Accounts = [.. Enumerable.Range(0, 3).Select(_ => Secp256k1Key.Generate())];
    private static readonly GuardianRegistry.Epoch Epoch = new(1, 0, 2, [.. Accounts.Select(account => account.Address)], default, []);
    private static readonly byte[] Message = [1, 2, 3];

    [Fact]
    public void A_guardians_own_signature_is_accepted_in_its_place_and_round_only()
    {
        var post = Post(Plan(1), 1, Accounts[0], guardian: 1);

        Assert.True(Plan(1).IsSigned(1, 1, post));
        Assert.False(Plan(1).IsSigned(1, 2, post));
        Assert.False(Plan(1).IsSigned(2, 1, post));
        Assert.False(Plan(1).IsSigned(1, 0, post));
        Assert.False(Plan(1).IsSigned(1, 4, post));
        Assert.False(Plan(1).IsSigned(1, 1, post with { Message = [1, 2, 4] }));
    }

    [Fact]
    public void A_signature_for_one_ceremony_is_worthless_in_any_other()
    {
        var post = Post(Plan(1), 1, Accounts[0], guardian: 1);

        Assert.False(Plan(2).IsSigned(1, 1, post));
        Assert.False(Plan(1, chainId: 5).IsSigned(1, 1, post));
        Assert.False(Plan(1, registry: Accounts[0].Address).IsSigned(1, 1, post));
    }

    [Fact]
    public void Each_epoch_chain_registry_and_list_of_guardians_has_a_ceremony_of_its_own()
    {
        var others = Epoch with { Guardians = [.. Epoch.Guardians.Reverse()] };
        CeremonyPlan[] plans =
        [
            Plan(1), Plan(2), Plan(1, chainId: 5), Plan(1, registry: Accounts[0].Address), CeremonyPlan.Of(Dao(), 1, others, Accounts[0].Address),
        ];

        Assert.Equal(plans.Length, plans.Select(plan => Convert.ToHexString(plan.Terms.Id.Span)).Distinct().Count());
        Assert.Equal(3, plans[^1].Self);
    }

    [Fact]
    public void Who_is_not_on_the_chains_list_takes_no_part()
    {
        using var stranger = Secp256k1Key.Generate();

        var refused = Assert.Throws<GuardianException>(() => CeremonyPlan.Of(Dao(), 1, Epoch, stranger.Address));

        Assert.Equal("ceremony.not_guardian", refused.Code);
    }

    private static CeremonyPost Post(CeremonyPlan plan, int round, Secp256k1Key account, uint guardian)
    {
        var put = plan.Sign(round, Message, account);
        return new CeremonyPost(guardian, put.Message, put.Signature);
    }

    private static CeremonyPlan Plan(uint epoch, ulong chainId = 1, Address? registry = null) =>
        CeremonyPlan.Of(Dao(chainId, registry), epoch, Epoch, Accounts[0].Address);

    private static DaoReference Dao(ulong chainId = 1, Address? registry = null) => new(
        chainId, default, new ContributionRegistry(default), new AccessMarket(default),
        new GuardianRegistry(registry ?? Accounts[2].Address));
}
