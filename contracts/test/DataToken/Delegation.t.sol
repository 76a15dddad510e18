// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DaoTest} from "../base/DaoTest.sol";

contract DelegationTest is DaoTest {
    function test_FirstReceiptDelegatesToItself_ByMintAndByTransfer() public {
        giveTokens(alice, 10);
        vm.assertEq(token.delegates(alice), alice);
        vm.assertEq(token.getVotes(alice), 10 * TOKEN);
        vm.prank(alice);
        token.transfer(bob, 4 * TOKEN);
        vm.assertEq(token.delegates(bob), bob);
        vm.assertEq(token.getVotes(bob), 4 * TOKEN);
        vm.assertEq(token.getVotes(alice), 6 * TOKEN);
    }

    function test_DelegateNamedBeforeTheFirstReceiptIsKept() public {
        vm.prank(bob);
        token.delegate(carol);
        giveTokens(bob, 10);
        vm.assertEq(token.delegates(bob), carol);
        vm.assertEq(token.getVotes(carol), 10 * TOKEN);
    }

    function test_WhoeverLaterDelegatesToNobodyStaysThatWay() public {
        giveTokens(alice, 10);
        vm.prank(alice);
        token.delegate(address(0));
        giveTokens(alice, 10);
        vm.assertEq(token.delegates(alice), address(0));
        vm.assertEq(token.getVotes(alice), 0);
    }

    function test_WhoeverSoldAllAndComesBackKeepsTheChoice() public {
        giveTokens(alice, 10);
        vm.startPrank(alice);
        token.delegate(address(0));
        token.transfer(bob, 10 * TOKEN);
        vm.stopPrank();
        vm.prank(bob);
        token.transfer(alice, 10 * TOKEN);
        vm.assertEq(token.delegates(alice), address(0));
    }

    function test_ZeroTransferByAStrangerLeavesNoTrace() public {
        giveTokens(alice, 10);
        vm.prank(stranger);
        token.transferFrom(alice, bob, 0);
        vm.assertEq(token.delegates(bob), address(0));
        vm.assertEq(token.numCheckpoints(alice), 1);
    }

    function testFuzz_VotesOfAllDelegatesAreTheSupply(uint256 first, uint256 moved) public {
        first = bound(first, 1, 1_000);
        giveTokens(alice, first);
        giveTokens(bob, 7);
        vm.prank(bob);
        token.delegate(carol);
        moved = bound(moved, 0, first * TOKEN);
        vm.prank(alice);
        token.transfer(bob, moved);
        vm.assertEq(token.getVotes(alice) + token.getVotes(bob) + token.getVotes(carol), token.totalSupply());
    }
}
