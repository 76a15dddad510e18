// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRevenuePool as Pool} from "../../src/interfaces/IRevenuePool.sol";
import {TimelockOwned} from "../../src/TimelockOwned.sol";
import {DaoTest} from "../base/DaoTest.sol";

/// @dev setSplit, payOperators and payTreasury.
contract SplitTest is DaoTest {
    function setUp() public override {
        super.setUp();
        giveTokens(alice, 100);
        skip(1);
    }

    function test_RevertWhen_CallerIsNotTheTimelock() public {
        Pool.Split memory changed = split();
        vm.expectRevert(abi.encodeWithSelector(TimelockOwned.TimelockOwnedNotTimelock.selector, operators));
        vm.prank(operators);
        pool.setSplit(changed);
    }

    function test_RevertWhen_MoreThanEverythingIsSplit() public {
        Pool.Split memory changed = split();
        (changed.operatorsBps, changed.treasuryBps) = (9_000, 1_001);
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolInvalidSplit.selector, 9_000, 1_001));
        vm.prank(address(timelock));
        pool.setSplit(changed);
    }

    function test_RevertWhen_AnAddressIsZero() public {
        Pool.Split memory changed = split();
        changed.operators = address(0);
        vm.expectRevert(Pool.RevenuePoolZeroAddress.selector);
        vm.prank(address(timelock));
        pool.setSplit(changed);
        changed = split();
        changed.treasury = address(0);
        vm.expectRevert(Pool.RevenuePoolZeroAddress.selector);
        vm.prank(address(timelock));
        pool.setSplit(changed);
        vm.expectRevert(Pool.RevenuePoolZeroAddress.selector);
        this.create(address(0));
    }

    function test_RevertWhen_NothingIsDue() public {
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolNothingToClaim.selector, operators, address(currency)));
        pool.payOperators(0, address(currency));
        pay(100e6);
        pool.payOperators(0, address(currency));
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolNothingToClaim.selector, operators, address(currency)));
        pool.payOperators(0, address(currency));
    }

    function test_AnyonePaysOperatorsAndTreasuryTheirShares() public {
        pay(100e6);
        vm.startPrank(stranger);
        pool.payOperators(0, address(currency));
        pool.payTreasury(0, address(currency));
        vm.stopPrank();
        vm.assertEq(currency.balanceOf(operators), 10e6);
        vm.assertEq(currency.balanceOf(address(timelock)), 10e6);
        vm.assertEq(currency.balanceOf(address(pool)), 80e6);
    }

    function test_ANewSplitIsNeverRetroactive() public {
        pay(100e6);
        Pool.Split memory changed = Pool.Split(5_000, 0, account("new operators"), address(timelock));
        vm.expectEmit(address(pool));
        emit Pool.SplitChanged(1, changed);
        vm.prank(address(timelock));
        pool.setSplit(changed);
        pay(100e6);
        pool.payOperators(0, address(currency));
        pool.payOperators(1, address(currency));
        vm.assertEq(currency.balanceOf(operators), 10e6);
        vm.assertEq(currency.balanceOf(account("new operators")), 50e6);
        vm.assertEq(pool.currentSplitId(), 1);
        vm.assertEq(pool.splitAt(0).operators, operators);
        vm.assertEq(pool.splitAt(1).operatorsBps, 5_000);
    }

    function create(address token_) external returns (address) {
        return deploy("RevenuePool.sol:RevenuePool", abi.encode(timelock, token_, split()));
    }
}
