// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessMarket as Market} from "../../src/interfaces/IAccessMarket.sol";
import {TimelockOwned} from "../../src/TimelockOwned.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract ConstructorTest is DaoTest {
    function test_RevertWhen_AnAddressIsZero() public {
        vm.expectRevert(TimelockOwned.TimelockOwnedZeroTimelock.selector);
        this.create(address(0), address(registry), address(pool));
        vm.expectRevert(Market.AccessMarketZeroAddress.selector);
        this.create(address(timelock), address(0), address(pool));
        vm.expectRevert(Market.AccessMarketZeroAddress.selector);
        this.create(address(timelock), address(registry), address(0));
    }

    function create(address timelock_, address registry_, address pool_) external returns (address) {
        return deploy("AccessMarket.sol:AccessMarket", abi.encode(timelock_, registry_, pool_));
    }
}
