// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GrantId, IAccessMarket as Market} from "../../src/interfaces/IAccessMarket.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract RefundTest is DaoTest {
    function setUp() public override {
        super.setUp();
        giveTokens(alice, 100);
        skip(1);
    }

    function test_RevertWhen_SomebodyElseUndoesARequest() public {
        GrantId requestId = ask(saleTerms(100e6));
        address[2] memory callers = [stranger, address(timelock)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Market.AccessMarketNotBuyer.selector, requestId, callers[i], buyer));
            vm.prank(callers[i]);
            market.refund(requestId);
        }
    }

    function test_RevertWhen_RefundedTwice() public {
        GrantId requestId = ask(saleTerms(100e6));
        ask(saleTerms(100e6));
        vm.prank(buyer);
        market.refund(requestId);
        _refused(
            requestId, abi.encodeWithSelector(Market.AccessMarketWrongState.selector, requestId, Market.State.Refunded)
        );
    }

    function test_RevertWhen_Granted() public {
        GrantId grantId = open(rentTerms(100e6));
        _refused(grantId, abi.encodeWithSelector(Market.AccessMarketWrongState.selector, grantId, Market.State.Granted));
        skip(365 days);
        _refused(grantId, abi.encodeWithSelector(Market.AccessMarketWrongState.selector, grantId, Market.State.Granted));
    }

    function test_RevertWhen_UnknownRequest() public {
        GrantId unknown = GrantId.wrap(3);
        _refused(unknown, abi.encodeWithSelector(Market.AccessMarketWrongState.selector, unknown, Market.State.None));
    }

    function test_RevertWhen_ARevokedSaleHasNothingUnearned() public {
        GrantId grantId = open(saleTerms(100e6));
        vm.prank(address(timelock));
        market.revoke(grantId);
        _refused(grantId, abi.encodeWithSelector(Market.AccessMarketNothingToRefund.selector, grantId));
    }

    function test_RevertWhen_UnearnedRentIsTakenTwice() public {
        GrantId grantId = open(rentTerms(100e6));
        vm.prank(address(timelock));
        market.revoke(grantId);
        market.refund(grantId);
        _refused(grantId, abi.encodeWithSelector(Market.AccessMarketNothingToRefund.selector, grantId));
    }

    function test_BuyerTakesTheEscrowBackAtAnyTimeBeforeApproval() public {
        GrantId requestId = ask(saleTerms(100e6));
        skip(1_000 days);
        vm.expectEmit(address(market));
        emit Market.EscrowRefunded(requestId, buyer, address(currency), 100e6);
        vm.prank(buyer);
        market.refund(requestId);
        vm.assertEq(currency.balanceOf(buyer), 100e6);
        vm.assertEq(currency.balanceOf(address(market)), 0);
    }

    function test_FreeRequestCanBeTakenBackToo() public {
        GrantId requestId = ask(saleTerms(0));
        vm.prank(buyer);
        market.refund(requestId);
        vm.assertEq(uint8(market.grantAt(requestId).state), uint8(Market.State.Refunded));
    }

    function test_AnyoneSendsTheUnearnedRentHome() public {
        GrantId grantId = open(rentTerms(100e6));
        skip(10 days);
        vm.prank(address(timelock));
        market.revoke(grantId);
        skip(100 days);
        vm.prank(stranger);
        market.refund(grantId);
        // A third was earned; what does not divide goes to the members.
        vm.assertEq(currency.balanceOf(buyer), 66_666_666);
        market.collect(grantId);
        vm.assertEq(currency.balanceOf(address(pool)), 33_333_334);
        vm.assertEq(currency.balanceOf(address(market)), 0);
    }

    function _refused(GrantId grantId, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(buyer);
        market.refund(grantId);
    }
}
