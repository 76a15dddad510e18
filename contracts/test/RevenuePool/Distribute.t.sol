// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DistributionId, IRevenuePool as Pool} from "../../src/interfaces/IRevenuePool.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract DistributeTest is DaoTest {
    function setUp() public override {
        super.setUp();
        giveTokens(alice, 100);
        skip(1);
    }

    function test_RevertWhen_CurrencyIsZeroOrTheDatasetsToken() public {
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolInvalidCurrency.selector, address(0)));
        pool.distribute(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolInvalidCurrency.selector, address(token)));
        pool.distribute(address(token), 1);
    }

    function test_RevertWhen_CurrencyHasNoCode() public {
        vm.expectRevert();
        pool.distribute(stranger, 1);
    }

    function test_RevertWhen_AmountIsZeroOrOverflowsItsField() public {
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolInvalidAmount.selector, 0));
        pool.distribute(address(currency), 0);
        uint256 tooMuch = uint256(type(uint112).max) + 1;
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolInvalidAmount.selector, tooMuch));
        pool.distribute(address(currency), tooMuch);
    }

    function test_RevertWhen_NotAllowedToTakeIt() public {
        currency.mint(buyer, 10);
        vm.expectRevert();
        vm.prank(buyer);
        pool.distribute(address(currency), 10);
    }

    function test_SplitsByBasisPoints() public {
        fund(buyer, address(pool), 1_000_003);
        vm.expectEmit(address(pool));
        emit Pool.RevenueDistributed(DistributionId.wrap(0), address(currency), buyer, 800_003, 100_000, 100_000, 0);
        vm.prank(buyer);
        pool.distribute(address(currency), 1_000_003);
        (uint256 operatorsDue, uint256 treasuryDue) = pool.sharesDue(0, address(currency));
        vm.assertEq(operatorsDue, 100_000);
        vm.assertEq(treasuryDue, 100_000);
        Pool.Distribution memory distribution = pool.distributionAt(address(currency), DistributionId.wrap(0));
        vm.assertEq(distribution.remaining, 800_003);
        vm.assertEq(distribution.remainingSupply, 100 * TOKEN);
        vm.assertEq(distribution.snapshot, vm.getBlockTimestamp() - 1);
    }

    function test_WithoutHoldersTheTreasuryHasTheMembersPart() public {
        createDao(0);
        DistributionId distributionId = pay(100e6);
        vm.assertEq(pool.distributionAt(address(currency), distributionId).remaining, 0);
        (, uint256 treasuryDue) = pool.sharesDue(0, address(currency));
        vm.assertEq(treasuryDue, 90e6);
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolNothingToClaim.selector, alice, address(currency)));
        pool.claimFor(alice, address(currency), ids(distributionId));
    }

    function test_TokensBoughtInTheSameSecondGetNothing() public {
        vm.prank(alice);
        token.transfer(bob, 40 * TOKEN);
        DistributionId distributionId = pay(100e6);
        vm.assertEq(pool.claimable(bob, address(currency), distributionId), 0);
        vm.assertEq(pool.claimable(alice, address(currency), distributionId), 80e6);
    }

    function testFuzz_SplittingAPaymentKeepsEveryUnit(uint256 amount, uint16 operatorsBps, uint16 treasuryBps) public {
        amount = bound(amount, 1, 1_000_000e6);
        operatorsBps = uint16(bound(operatorsBps, 0, 10_000));
        treasuryBps = uint16(bound(treasuryBps, 0, 10_000 - operatorsBps));
        Pool.Split memory changed = split();
        (changed.operatorsBps, changed.treasuryBps) = (operatorsBps, treasuryBps);
        vm.prank(address(timelock));
        pool.setSplit(changed);
        DistributionId distributionId = pay(amount);
        (uint256 operatorsDue, uint256 treasuryDue) = pool.sharesDue(1, address(currency));
        uint256 members = pool.distributionAt(address(currency), distributionId).remaining;
        vm.assertEq(members + operatorsDue + treasuryDue, amount);
        vm.assertGe(members * 10_000, amount * (10_000 - operatorsBps - treasuryBps));
    }
}
