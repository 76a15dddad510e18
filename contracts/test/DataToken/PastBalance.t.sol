// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DaoTest} from "../base/DaoTest.sol";

contract PastBalanceTest is DaoTest {
    function test_RevertWhen_TimeIsNotPast() public {
        vm.expectRevert(abi.encodeWithSignature("ERC5805FutureLookup(uint256,uint48)", START, uint48(START)));
        token.getPastBalance(alice, START);
    }

    function test_BalanceIsWhatWasHeldAtTheEndOfThatSecond() public {
        giveTokens(alice, 10);
        skip(100);
        vm.prank(alice);
        token.transfer(bob, 3 * TOKEN);
        skip(100);
        vm.assertEq(token.getPastBalance(alice, START - 1), 0);
        vm.assertEq(token.getPastBalance(alice, START), 10 * TOKEN);
        vm.assertEq(token.getPastBalance(alice, START + 99), 10 * TOKEN);
        vm.assertEq(token.getPastBalance(alice, START + 100), 7 * TOKEN);
        vm.assertEq(token.getPastBalance(bob, START + 100), 3 * TOKEN);
        vm.assertEq(token.getPastTotalSupply(START + 100), 10 * TOKEN);
    }

    function test_DelegatingMovesVotesButNoBalance() public {
        giveTokens(alice, 10);
        vm.prank(alice);
        token.delegate(bob);
        skip(1);
        vm.assertEq(token.getPastBalance(alice, START), 10 * TOKEN);
        vm.assertEq(token.getPastBalance(bob, START), 0);
        vm.assertEq(token.getPastVotes(bob, START), 10 * TOKEN);
    }

    function test_TransferToOneselfChangesNothing() public {
        giveTokens(alice, 10);
        vm.prank(alice);
        token.transfer(alice, 4 * TOKEN);
        skip(1);
        vm.assertEq(token.getPastBalance(alice, START), 10 * TOKEN);
        vm.assertEq(token.getVotes(alice), 10 * TOKEN);
    }

    function test_ClockIsInSeconds() public view {
        vm.assertEq(token.clock(), block.timestamp);
        vm.assertEq(token.CLOCK_MODE(), "mode=timestamp");
    }

    function testFuzz_BalancesAtAnyTimeSumToTheSupplyThen(uint256[8] memory amounts, uint256 when) public {
        giveTokens(alice, 1_000);
        for (uint256 i = 0; i < amounts.length; ++i) {
            skip(10);
            (address from, address to) = i % 2 == 0 ? (alice, bob) : (bob, carol);
            uint256 amount = bound(amounts[i], 0, token.balanceOf(from));
            vm.prank(from);
            token.transfer(to, amount);
        }
        skip(1);
        when = bound(when, START, vm.getBlockTimestamp() - 1);
        vm.assertEq(
            token.getPastBalance(alice, when) + token.getPastBalance(bob, when) + token.getPastBalance(carol, when),
            token.getPastTotalSupply(when)
        );
    }
}
