// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GrantId, IAccessMarket as Market} from "../../src/interfaces/IAccessMarket.sol";
import {DistributionId} from "../../src/interfaces/IRevenuePool.sol";
import {TimelockOwned} from "../../src/TimelockOwned.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract ApproveTest is DaoTest {
    function setUp() public override {
        super.setUp();
        giveTokens(alice, 100);
        skip(1);
    }

    function test_RevertWhen_CallerIsNotTheTimelock() public {
        GrantId requestId = ask(saleTerms(100e6));
        bytes32 termsHash = hashOf(saleTerms(100e6));
        address[4] memory callers = [buyer, creator, address(governor), stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(TimelockOwned.TimelockOwnedNotTimelock.selector, callers[i]));
            vm.prank(callers[i]);
            market.approve(requestId, termsHash);
        }
    }

    function test_RevertWhen_TermsAreNotThoseVotedOn() public {
        GrantId requestId = ask(saleTerms(100e6));
        _refused(
            requestId,
            hashOf(saleTerms(99e6)),
            abi.encodeWithSelector(
                Market.AccessMarketTermsMismatch.selector, requestId, hashOf(saleTerms(99e6)), hashOf(saleTerms(100e6))
            )
        );
    }

    function test_RevertWhen_RequestDoesNotExist() public {
        GrantId unknown = GrantId.wrap(7);
        _refused(unknown, 0, abi.encodeWithSelector(Market.AccessMarketWrongState.selector, unknown, Market.State.None));
    }

    function test_RevertWhen_Refunded() public {
        GrantId requestId = ask(saleTerms(100e6));
        vm.prank(buyer);
        market.refund(requestId);
        _refused(
            requestId,
            hashOf(saleTerms(100e6)),
            abi.encodeWithSelector(Market.AccessMarketWrongState.selector, requestId, Market.State.Refunded)
        );
    }

    function test_RevertWhen_ApprovedTwice() public {
        GrantId grantId = open(saleTerms(100e6));
        _refused(
            grantId,
            hashOf(saleTerms(100e6)),
            abi.encodeWithSelector(Market.AccessMarketWrongState.selector, grantId, Market.State.Granted)
        );
    }

    function test_SaleGoesToThePoolAtOnce() public {
        GrantId grantId = open(saleTerms(100e6));
        vm.assertEq(currency.balanceOf(address(market)), 0);
        vm.assertEq(currency.balanceOf(address(pool)), 100e6);
        vm.assertEq(currency.allowance(address(market), address(pool)), 0);
        vm.assertEq(pool.distributionAt(address(currency), DistributionId.wrap(0)).remaining, 80e6);
        vm.assertEq(market.grantAt(grantId).collected, 100e6);
        vm.assertEq(market.earned(grantId), 100e6);
    }

    function test_RentStaysInEscrow() public {
        GrantId grantId = open(rentTerms(100e6));
        vm.assertEq(currency.balanceOf(address(market)), 100e6);
        vm.assertEq(pool.distributionCount(), 0);
        vm.assertEq(market.earned(grantId), 0);
    }

    function test_GrantRunsFromApproval() public {
        GrantId requestId = ask(saleTerms(100e6));
        skip(9 days);
        bytes32 termsHash = hashOf(saleTerms(100e6));
        uint256 endsAt = vm.getBlockTimestamp() + 30 days;
        vm.expectEmit(address(market));
        emit Market.GrantOpened(requestId, termsHash, buyer, uint64(endsAt));
        vm.prank(address(timelock));
        market.approve(requestId, termsHash);
        vm.assertEq(market.grantAt(requestId).endsAt, endsAt);
        vm.assertTrue(market.isOpen(requestId, saleTerms(100e6)));
    }

    function test_FreeGrantOpensWithoutADistribution() public {
        GrantId grantId = open(saleTerms(0));
        vm.assertTrue(market.isOpen(grantId, saleTerms(0)));
        vm.assertEq(pool.distributionCount(), 0);
    }

    function _refused(GrantId requestId, bytes32 termsHash, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(address(timelock));
        market.approve(requestId, termsHash);
    }
}
