// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GrantId, IAccessMarket as Market} from "../../src/interfaces/IAccessMarket.sol";
import {TimelockOwned} from "../../src/TimelockOwned.sol";
import {DaoTest} from "../base/DaoTest.sol";

/// @dev setWorker and isOpen: what a guardian is told.
contract WorkerTest is DaoTest {
    bytes32 private constant WORKER = keccak256("worker");

    function setUp() public override {
        super.setUp();
        giveTokens(alice, 100);
        skip(1);
    }

    function test_RevertWhen_CallerIsNotTheTimelock() public {
        vm.expectRevert(abi.encodeWithSelector(TimelockOwned.TimelockOwnedNotTimelock.selector, stranger));
        vm.prank(stranger);
        market.setWorker(WORKER, true);
    }

    function test_RevertWhen_RecipientIsZero() public {
        vm.expectRevert(Market.AccessMarketMissingRecipient.selector);
        vm.prank(address(timelock));
        market.setWorker(0, true);
    }

    function test_RemovedWorkerClosesItsGrants() public {
        _setWorker(true);
        Market.Terms memory terms = _queryTerms();
        GrantId grantId = open(terms);
        vm.assertTrue(market.isOpen(grantId, terms));
        _setWorker(false);
        vm.assertFalse(market.isOpen(grantId, terms));
        vm.assertFalse(market.isWorker(WORKER));
    }

    function test_GrantIsOpenForItsOwnTermsOnly() public {
        GrantId grantId = open(saleTerms(100e6));
        Market.Terms memory terms = saleTerms(100e6);
        vm.assertTrue(market.isOpen(grantId, terms));
        terms.recipient = keccak256("somebody else");
        vm.assertFalse(market.isOpen(grantId, terms));
    }

    function test_RequestIsNotOpenBeforeApprovalNorAfterTheEnd() public {
        Market.Terms memory terms = saleTerms(100e6);
        GrantId requestId = ask(terms);
        vm.assertFalse(market.isOpen(requestId, terms));
        bytes32 termsHash = hashOf(terms);
        vm.prank(address(timelock));
        market.approve(requestId, termsHash);
        skip(30 days - 1);
        vm.assertTrue(market.isOpen(requestId, terms));
        skip(1);
        vm.assertFalse(market.isOpen(requestId, terms));
        vm.assertFalse(market.isOpen(GrantId.wrap(99), terms));
    }

    function _setWorker(bool approved) private {
        vm.expectEmit(address(market));
        emit Market.WorkerChanged(WORKER, approved);
        vm.prank(address(timelock));
        market.setWorker(WORKER, approved);
    }

    function _queryTerms() private view returns (Market.Terms memory terms) {
        terms = saleTerms(100e6);
        terms.mode = Market.Mode.Query;
        terms.runs = 5;
        terms.recipient = WORKER;
        terms.outputPolicyDigest = keccak256("output policy");
    }
}
