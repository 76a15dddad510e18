// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {GrantId, IAccessMarket as Market} from "../src/interfaces/IAccessMarket.sol";
import {DistributionId, IRevenuePool as Pool} from "../src/interfaces/IRevenuePool.sol";
import {DaoTest} from "./base/DaoTest.sol";
import {HostileCurrency} from "./hostile/HostileCurrency.sol";

contract HostileCurrenciesTest is DaoTest {
    HostileCurrency private _bad;

    function setUp() public override {
        super.setUp();
        giveTokens(alice, 60);
        giveTokens(bob, 40);
        skip(1);
    }

    function test_RevertWhen_CurrencyReturnsFalse() public {
        _use(HostileCurrency.Manner.ReturnsFalse);
        Market.Terms memory terms = _terms();
        vm.expectRevert(abi.encodeWithSignature("SafeERC20FailedOperation(address)", address(_bad)));
        vm.prank(buyer);
        market.request(terms);
        vm.expectRevert(abi.encodeWithSignature("SafeERC20FailedOperation(address)", address(_bad)));
        vm.prank(buyer);
        pool.distribute(address(_bad), 100);
    }

    function test_RevertWhen_CurrencyTakesAFeeOrPaysOneLessOrTwice() public {
        HostileCurrency.Manner[3] memory manners =
            [HostileCurrency.Manner.TakesAFee, HostileCurrency.Manner.PaysOneLess, HostileCurrency.Manner.CreditsTwice];
        uint256[3] memory received = [uint256(990), 999, 2_000];
        for (uint256 i = 0; i < 3; ++i) {
            _use(manners[i]);
            Market.Terms memory terms = _terms();
            vm.expectRevert(
                abi.encodeWithSelector(
                    Market.AccessMarketWrongAmountReceived.selector, address(_bad), received[i], 1_000
                )
            );
            vm.prank(buyer);
            market.request(terms);
            vm.expectRevert(
                abi.encodeWithSelector(Pool.RevenuePoolWrongAmountReceived.selector, address(_bad), received[i], 1_000)
            );
            vm.prank(buyer);
            pool.distribute(address(_bad), 1_000);
        }
    }

    function test_CurrencyThatReturnsNothingWorks() public {
        _use(HostileCurrency.Manner.ReturnsNothing);
        GrantId grantId = _open(_terms());
        skip(30 days);
        market.collect(grantId);
        pool.claimFor(alice, address(_bad), ids(0, 1));
        vm.assertEq(_bad.balanceOf(alice), 480);
    }

    function test_RevertWhen_ARequestIsMadeWithinARequest() public {
        _use(HostileCurrency.Manner.Honest);
        Market.Terms memory terms = _terms();
        _bad.callBack(address(market), abi.encodeCall(Market.request, (terms)));
        vm.prank(buyer);
        market.request(terms);
        _assertReentrancyWasRefused();
        vm.assertEq(market.grantCount(), 1);
        vm.assertEq(_bad.balanceOf(address(market)), 1_000);
    }

    function test_RevertWhen_ARefundIsTakenWithinARefund() public {
        _use(HostileCurrency.Manner.Honest);
        Market.Terms memory terms = _terms();
        vm.startPrank(buyer);
        GrantId requestId = market.request(terms);
        market.request(terms);
        _bad.callBack(address(market), abi.encodeCall(Market.refund, (requestId)));
        market.refund(requestId);
        vm.stopPrank();
        _assertReentrancyWasRefused();
        vm.assertEq(_bad.balanceOf(address(market)), 1_000);
    }

    function test_RevertWhen_RevenueIsClaimedWhileItIsReceived() public {
        _use(HostileCurrency.Manner.Honest);
        vm.prank(buyer);
        pool.distribute(address(_bad), 1_000);
        _bad.callBack(address(pool), abi.encodeCall(Pool.claimFor, (alice, address(_bad), ids(0, 1))));
        vm.prank(buyer);
        pool.distribute(address(_bad), 1_000);
        _assertReentrancyWasRefused();
        vm.assertEq(_bad.balanceOf(address(pool)), 2_000);
    }

    function test_ClaimWithinAClaimPaysNothingTwice() public {
        _use(HostileCurrency.Manner.Honest);
        vm.prank(buyer);
        pool.distribute(address(_bad), 1_000);
        _bad.callBack(address(pool), abi.encodeCall(Pool.claimFor, (alice, address(_bad), ids(0, 1))));
        pool.claimFor(alice, address(_bad), ids(0, 1));
        vm.assertTrue(_bad.calledBack());
        vm.assertEq(bytes32(bytes4(_bad.reason())), bytes32(Pool.RevenuePoolNothingToClaim.selector), "the inner claim");
        vm.assertEq(_bad.balanceOf(alice), 480);
    }

    function test_FrozenMemberDoesNotStopTheOthersNorOtherCurrencies() public {
        _use(HostileCurrency.Manner.Honest);
        vm.prank(buyer);
        pool.distribute(address(_bad), 1_000);
        DistributionId good = pay(1_000);
        _bad.freeze(alice, true);
        vm.expectRevert(abi.encodeWithSelector(HostileCurrency.Frozen.selector, alice));
        pool.claimFor(alice, address(_bad), ids(0, 1));
        pool.claimFor(bob, address(_bad), ids(0, 1));
        pool.claimFor(alice, address(currency), ids(good));
        _bad.freeze(alice, false);
        pool.claimFor(alice, address(_bad), ids(0, 1));
        vm.assertEq(_bad.balanceOf(alice), 480);
    }

    function test_FrozenBuyerDoesNotStopARevocation() public {
        _use(HostileCurrency.Manner.Honest);
        GrantId grantId = _open(_terms());
        _bad.freeze(buyer, true);
        _bad.freeze(address(pool), true);
        vm.prank(address(timelock));
        market.revoke(grantId);
        vm.assertFalse(market.isOpen(grantId, _terms()));
        _bad.freeze(buyer, false);
        market.refund(grantId);
        vm.assertEq(_bad.balanceOf(buyer), 1_000_000);
    }

    function test_ARebaseHarmsItsOwnCurrencyOnly() public {
        _use(HostileCurrency.Manner.Honest);
        vm.prank(buyer);
        pool.distribute(address(_bad), 1_000);
        DistributionId good = pay(1_000);
        _bad.burn(address(pool), 500);
        pool.claimFor(bob, address(_bad), ids(0, 1));
        vm.expectRevert();
        pool.claimFor(alice, address(_bad), ids(0, 1));
        pool.claimFor(alice, address(currency), ids(good));
        pool.claimFor(bob, address(currency), ids(good));
        vm.assertEq(currency.balanceOf(alice) + currency.balanceOf(bob), 800);
    }

    function test_AGiftToThePoolIsNobodysRevenue() public {
        _use(HostileCurrency.Manner.Honest);
        _bad.mint(address(pool), 77);
        vm.prank(buyer);
        DistributionId distributionId = pool.distribute(address(_bad), 1_000);
        vm.assertEq(pool.distributionAt(address(_bad), distributionId).remaining, 800);
    }

    function _assertReentrancyWasRefused() private view {
        vm.assertTrue(_bad.calledBack());
        vm.assertEq(
            bytes32(bytes4(_bad.reason())),
            bytes32(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector),
            "reentrancy"
        );
    }

    function _use(HostileCurrency.Manner manner) private {
        _bad = new HostileCurrency(manner);
        _bad.mint(buyer, 1_000_000);
        vm.startPrank(buyer);
        _bad.approve(address(market), type(uint128).max);
        _bad.approve(address(pool), type(uint128).max);
        vm.stopPrank();
    }

    function _terms() private view returns (Market.Terms memory terms) {
        terms = rentTerms(1_000);
        terms.currency = address(_bad);
    }

    function _open(Market.Terms memory terms) private returns (GrantId grantId) {
        vm.prank(buyer);
        grantId = market.request(terms);
        vm.prank(address(timelock));
        market.approve(grantId, hashOf(terms));
    }
}
