// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TestCurrency} from "../../src/trial/TestCurrency.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract TestCurrencyTest is DaoTest {
    function test_RevertWhen_OneCallMintsTooMuch() public {
        uint256 maximum = currency.MAX_MINT();
        vm.expectRevert(abi.encodeWithSelector(TestCurrency.TestCurrencyTooMuch.selector, maximum + 1, maximum));
        currency.mint(alice, maximum + 1);
    }

    function test_AnyoneMintsAndItsNameSaysWhatItIsWorth() public {
        vm.prank(stranger);
        currency.mint(alice, 5e6);
        vm.assertEq(currency.balanceOf(alice), 5e6);
        vm.assertEq(currency.decimals(), 6);
        vm.assertEq(currency.name(), "Worthless Test Currency");
    }
}
