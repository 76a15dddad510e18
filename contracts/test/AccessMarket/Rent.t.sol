// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GrantId, IAccessMarket as Market} from "../../src/interfaces/IAccessMarket.sol";
import {TimelockOwned} from "../../src/TimelockOwned.sol";
import {DaoTest} from "../base/DaoTest.sol";

/// @dev collect, renew and revoke: the life of a rent.
contract RentTest is DaoTest {
    function setUp() public override {
        super.setUp();
        giveTokens(alice, 100);
        skip(1);
    }

    function test_RevertWhen_CollectedTooOften() public {
        GrantId grantId = open(rentTerms(96e6));
        skip(21 hours);
        uint256 due = market.earned(grantId);
        vm.expectRevert(abi.encodeWithSelector(Market.AccessMarketTooLittleEarned.selector, grantId, due, 3e6));
        market.collect(grantId);
    }

    function test_RevertWhen_NothingIsLeftToCollect() public {
        GrantId grantId = open(rentTerms(96e6));
        skip(30 days);
        market.collect(grantId);
        vm.expectRevert(abi.encodeWithSelector(Market.AccessMarketTooLittleEarned.selector, grantId, 0, 0));
        market.collect(grantId);
    }

    function test_RevertWhen_CollectedBeforeApproval() public {
        GrantId requestId = ask(rentTerms(96e6));
        vm.expectRevert(
            abi.encodeWithSelector(Market.AccessMarketWrongState.selector, requestId, Market.State.Requested)
        );
        market.collect(requestId);
    }

    function test_RevertWhen_RenewedByAStranger() public {
        GrantId grantId = open(rentTerms(96e6));
        vm.expectRevert(abi.encodeWithSelector(Market.AccessMarketNotBuyer.selector, grantId, stranger, buyer));
        vm.prank(stranger);
        market.renew(grantId);
    }

    function test_RevertWhen_RenewedAfterTheEnd() public {
        GrantId grantId = open(rentTerms(96e6));
        uint64 endsAt = market.grantAt(grantId).endsAt;
        vm.warp(endsAt);
        vm.expectRevert(abi.encodeWithSelector(Market.AccessMarketGrantExpired.selector, grantId, endsAt));
        vm.prank(buyer);
        market.renew(grantId);
    }

    function test_RevertWhen_RenewedMoreOftenThanTheTermsAllow() public {
        GrantId grantId = open(rentTerms(96e6));
        fund(buyer, address(market), 300e6);
        vm.startPrank(buyer);
        market.renew(grantId);
        market.renew(grantId);
        vm.expectRevert(abi.encodeWithSelector(Market.AccessMarketNotRenewable.selector, grantId, 2, 2));
        market.renew(grantId);
        vm.stopPrank();
    }

    function test_RevertWhen_ASaleIsRenewed() public {
        GrantId grantId = open(saleTerms(96e6));
        vm.expectRevert(abi.encodeWithSelector(Market.AccessMarketNotRenewable.selector, grantId, 0, 0));
        vm.prank(buyer);
        market.renew(grantId);
    }

    function test_RevertWhen_RevokedByAnyoneButTheTimelock() public {
        GrantId grantId = open(rentTerms(96e6));
        address[3] memory callers = [stranger, buyer, address(governor)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(TimelockOwned.TimelockOwnedNotTimelock.selector, callers[i]));
            vm.prank(callers[i]);
            market.revoke(grantId);
        }
    }

    function test_RevertWhen_RevokedAfterTheEndOrTwiceOrBeforeApproval() public {
        GrantId requestId = ask(rentTerms(96e6));
        vm.expectRevert(
            abi.encodeWithSelector(Market.AccessMarketWrongState.selector, requestId, Market.State.Requested)
        );
        vm.prank(address(timelock));
        market.revoke(requestId);
        GrantId grantId = open(rentTerms(96e6));
        vm.prank(address(timelock));
        market.revoke(grantId);
        vm.expectRevert(abi.encodeWithSelector(Market.AccessMarketWrongState.selector, grantId, Market.State.Revoked));
        vm.prank(address(timelock));
        market.revoke(grantId);
        GrantId other = open(rentTerms(96e6));
        uint64 endsAt = market.grantAt(other).endsAt;
        vm.warp(endsAt);
        vm.expectRevert(abi.encodeWithSelector(Market.AccessMarketGrantExpired.selector, other, endsAt));
        vm.prank(address(timelock));
        market.revoke(other);
    }

    function test_RentIsEarnedByTheSecondAndCollectedByAnyone() public {
        GrantId grantId = open(rentTerms(96e6));
        skip(15 days);
        vm.assertEq(market.earned(grantId), 48e6);
        vm.prank(stranger);
        market.collect(grantId);
        vm.assertEq(currency.balanceOf(address(pool)), 48e6);
        skip(100 days);
        market.collect(grantId);
        vm.assertEq(currency.balanceOf(address(pool)), 96e6);
        vm.assertEq(currency.balanceOf(address(market)), 0);
    }

    function test_RenewalProlongsForTheSamePrice() public {
        GrantId grantId = open(rentTerms(96e6));
        uint64 endsAt = market.grantAt(grantId).endsAt;
        fund(buyer, address(market), 96e6);
        skip(29 days);
        vm.expectEmit(address(market));
        emit Market.GrantRenewed(grantId, endsAt + 30 days, 1);
        vm.prank(buyer);
        market.renew(grantId);
        vm.assertEq(market.earned(grantId), uint256(96e6) * 29 / 30);
        skip(30 days);
        vm.assertTrue(market.isOpen(grantId, rentTerms(96e6)));
        skip(1 days);
        vm.assertFalse(market.isOpen(grantId, rentTerms(96e6)));
        market.collect(grantId);
        vm.assertEq(currency.balanceOf(address(pool)), 192e6);
    }

    function test_RevocationEndsTheGrantAndKeepsWhatIsEarned() public {
        GrantId grantId = open(rentTerms(96e6));
        skip(15 days);
        vm.prank(address(timelock));
        market.revoke(grantId);
        vm.assertFalse(market.isOpen(grantId, rentTerms(96e6)));
        skip(10 days);
        vm.assertEq(market.earned(grantId), 48e6);
    }

    function testFuzz_EarnedAndUnearnedAreThePricePaid(
        uint128 price,
        uint32 duration,
        uint8 renewals,
        uint64 revokedAfter,
        bool collectFirst
    ) public {
        Market.Terms memory terms = rentTerms(uint128(bound(price, 1, 300_000e6)));
        terms.duration = uint64(bound(duration, 1, 36_500 days));
        terms.renewals = uint16(bound(renewals, 0, 2));
        GrantId grantId = open(terms);
        for (uint256 i = 0; i < terms.renewals; ++i) {
            fund(buyer, address(market), terms.price);
            vm.prank(buyer);
            market.renew(grantId);
        }
        uint256 paid = uint256(terms.price) * (terms.renewals + 1);
        uint256 whole = uint256(terms.duration) * (terms.renewals + 1);
        uint256 after_ = bound(revokedAfter, 0, whole - 1);
        skip(after_);
        uint256 earned = market.earned(grantId);
        if (collectFirst && earned > 0 && earned >= terms.price / 32) {
            market.collect(grantId);
        }
        vm.prank(address(timelock));
        market.revoke(grantId);
        skip(1);
        if (earned > market.grantAt(grantId).collected) {
            market.collect(grantId);
        }
        if (earned < paid) {
            market.refund(grantId);
        }
        vm.assertEq(currency.balanceOf(address(pool)), earned);
        vm.assertEq(currency.balanceOf(buyer), paid - earned);
        vm.assertEq(currency.balanceOf(address(market)), 0);
        vm.assertGe(earned * whole, paid * after_);
    }
}
