// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DistributionId, IRevenuePool as Pool} from "../../src/interfaces/IRevenuePool.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract ClaimRevenueTest is DaoTest {
    function setUp() public override {
        super.setUp();
        giveTokens(alice, 60);
        giveTokens(bob, 40);
        skip(1);
    }

    function test_RevertWhen_DistributionIsUnknown() public {
        DistributionId unknown = DistributionId.wrap(5);
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolUnknownDistribution.selector, unknown));
        pool.claimFor(alice, address(currency), ids(unknown));
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolUnknownDistribution.selector, unknown));
        pool.claimable(alice, address(currency), unknown);
    }

    function test_RevertWhen_AnotherCurrencyIsNamed() public {
        DistributionId distributionId = pay(100e6);
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolUnknownDistribution.selector, distributionId));
        pool.claimFor(alice, address(token), ids(distributionId));
    }

    function test_RevertWhen_NothingIsDue() public {
        DistributionId distributionId = pay(100e6);
        pool.claimFor(alice, address(currency), ids(distributionId));
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolNothingToClaim.selector, alice, address(currency)));
        pool.claimFor(alice, address(currency), ids(distributionId));
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolNothingToClaim.selector, stranger, address(currency)));
        pool.claimFor(stranger, address(currency), ids(distributionId));
    }

    function test_EachHolderGetsItsPartAndTheLastTheLastUnit() public {
        DistributionId distributionId = pay(101);
        vm.expectEmit(address(pool));
        emit Pool.RevenueClaimed(alice, address(currency), 48, ids(distributionId));
        vm.prank(alice);
        pool.claim(address(currency), ids(distributionId));
        pool.claimFor(bob, address(currency), ids(distributionId));
        vm.assertEq(currency.balanceOf(alice), 48);
        vm.assertEq(currency.balanceOf(bob), 33);
        vm.assertEq(pool.distributionAt(address(currency), distributionId).remaining, 0);
        vm.assertTrue(pool.isClaimed(alice, distributionId));
    }

    function test_StrangerClaimsForTheMemberWhoGetsTheMoney() public {
        DistributionId distributionId = pay(100e6);
        vm.prank(stranger);
        pool.claimFor(alice, address(currency), ids(distributionId));
        vm.assertEq(currency.balanceOf(alice), 48e6);
        vm.assertEq(currency.balanceOf(stranger), 0);
    }

    function test_ManyDistributionsInOneTransfer() public {
        for (uint256 i = 0; i < 300; ++i) {
            pay(100);
        }
        vm.prank(alice);
        pool.claim(address(currency), ids(0, 300));
        vm.assertEq(currency.balanceOf(alice), 300 * 48);
    }

    function test_ClaimedOrRepeatedDistributionsArePassedOver() public {
        pay(100e6);
        pay(100e6);
        vm.prank(stranger);
        pool.claimFor(alice, address(currency), ids(0, 1));
        DistributionId[] memory twice = new DistributionId[](3);
        (twice[1], twice[2]) = (DistributionId.wrap(1), DistributionId.wrap(1));
        vm.prank(alice);
        pool.claim(address(currency), twice);
        vm.assertEq(currency.balanceOf(alice), 96e6);
    }

    function test_BalanceTooSmallForAUnitPaysNothing_AndTheLastHolderTakesTheUnit() public {
        DistributionId distributionId = pay(1);
        pool.claimFor(alice, address(currency), ids(distributionId));
        vm.assertEq(currency.balanceOf(alice), 0);
        vm.assertTrue(pool.isClaimed(alice, distributionId));
        pool.claimFor(bob, address(currency), ids(distributionId));
        vm.assertEq(currency.balanceOf(bob), 1);
    }

    function test_SpreadingTokensOverAccountsGainsNothing() public {
        uint256 spread = 20;
        vm.startPrank(alice);
        for (uint256 i = 0; i < spread; ++i) {
            token.transfer(address(uint160(0xd057 + i)), 1);
        }
        vm.stopPrank();
        skip(1);
        DistributionId distributionId = pay(1_000);
        for (uint256 i = 0; i < spread; ++i) {
            pool.claimFor(address(uint160(0xd057 + i)), address(currency), ids(distributionId));
            vm.assertEq(currency.balanceOf(address(uint160(0xd057 + i))), 0);
        }
    }

    function test_SellingAfterwardsTakesNothingAway() public {
        DistributionId distributionId = pay(100e6);
        vm.prank(alice);
        token.transfer(carol, 60 * TOKEN);
        vm.assertEq(pool.claimable(alice, address(currency), distributionId), 48e6);
        vm.assertEq(pool.claimable(carol, address(currency), distributionId), 0);
    }

    function test_DelegatingAwayTheVotesKeepsTheRevenue() public {
        vm.prank(alice);
        token.delegate(bob);
        skip(1);
        DistributionId distributionId = pay(100e6);
        vm.assertEq(pool.claimable(alice, address(currency), distributionId), 48e6);
    }

    function testFuzz_AnyOrderOfClaimsPaysEverything(uint256 amount, uint256 moved, uint8 order) public {
        moved = bound(moved, 0, 60 * TOKEN);
        vm.prank(alice);
        token.transfer(carol, moved);
        skip(1);
        amount = bound(amount, 10, 1_000_000e6);
        DistributionId distributionId = pay(amount);
        uint256 members = pool.distributionAt(address(currency), distributionId).remaining;
        address[3] memory holders = [alice, bob, carol];
        for (uint256 i = 0; i < 3; ++i) {
            address holder = holders[(i + order) % 3];
            if (token.getPastBalance(holder, vm.getBlockTimestamp() - 1) > 0) {
                pool.claimFor(holder, address(currency), ids(distributionId));
            }
        }
        vm.assertEq(pool.distributionAt(address(currency), distributionId).remaining, 0);
        vm.assertEq(currency.balanceOf(alice) + currency.balanceOf(bob) + currency.balanceOf(carol), members);
        vm.assertApproxEqAbs(currency.balanceOf(bob), members * 40 / 100, 2);
    }
}
