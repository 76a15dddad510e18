// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DaoTest} from "./base/DaoTest.sol";
import {MuteCoin, PlainCoin} from "./hostile/PlainCoin.sol";

/// @dev The node's and the pages' tests deploy these coins from bytes that are kept beside them.
contract CoinsTest is DaoTest {
    function test_KeptCoinsAreTheseContracts() public view {
        vm.assertEq(vm.readFile("../tests/testdata/coins/plain-coin.hex"), vm.toString(type(PlainCoin).creationCode));
        vm.assertEq(vm.readFile("../tests/testdata/coins/mute-coin.hex"), vm.toString(type(MuteCoin).creationCode));
    }

    function test_BurningCoinTakesWhatItWasTold() public {
        PlainCoin coin = new PlainCoin("USDC", 6);
        coin.mint(alice, 10);
        coin.burn(1_000_000);
        uint256 before = gasleft();
        vm.prank(alice);
        coin.transfer(bob, 4);
        vm.assertTrue(before - gasleft() > 1_000_000);
        vm.assertEq(coin.balanceOf(bob), 4);
    }

    function test_CoinChangesAnAllowanceByWayOfZeroWhenTold() public {
        PlainCoin coin = new PlainCoin("USDC", 6);
        coin.approve(bob, 1);
        coin.approve(bob, 2);
        coin.changeByWayOfZero();
        vm.expectRevert();
        coin.approve(bob, 3);
        coin.approve(bob, 0);
        coin.approve(bob, 3);
        vm.assertEq(coin.allowance(address(this), bob), 3);
    }
}
