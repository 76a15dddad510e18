// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DaoTest} from "../base/DaoTest.sol";

contract CreationTest is DaoTest {
    function test_Smoke() public {
        giveTokens(alice, 10);
        vm.assertEq(token.balanceOf(alice), 10 * TOKEN);
        open(saleTerms(100e6));
    }
}
