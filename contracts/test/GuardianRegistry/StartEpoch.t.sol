// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardianRegistry as Guardians} from "../../src/interfaces/IGuardianRegistry.sol";
import {TimelockOwned} from "../../src/TimelockOwned.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract StartEpochTest is DaoTest {
    function test_RevertWhen_CallerIsNotTheTimelock() public {
        address[] memory list = guardians(3);
        vm.expectRevert(abi.encodeWithSelector(TimelockOwned.TimelockOwnedNotTimelock.selector, list[0]));
        vm.prank(list[0]);
        guardianRegistry.startEpoch(list, 2);
    }

    function test_RevertWhen_ThresholdDoesNotFit() public {
        _refused(guardians(3), 0, abi.encodeWithSelector(Guardians.GuardianRegistryInvalidThreshold.selector, 0, 3));
        _refused(guardians(3), 4, abi.encodeWithSelector(Guardians.GuardianRegistryInvalidThreshold.selector, 4, 3));
        _refused(guardians(65), 1, abi.encodeWithSelector(Guardians.GuardianRegistryInvalidThreshold.selector, 1, 65));
    }

    function test_RevertWhen_AGuardianIsZeroOrTwice() public {
        address[] memory list = guardians(3);
        list[2] = address(0);
        _refused(list, 2, abi.encodeWithSelector(Guardians.GuardianRegistryInvalidGuardian.selector, address(0)));
        list[2] = list[0];
        _refused(list, 2, abi.encodeWithSelector(Guardians.GuardianRegistryInvalidGuardian.selector, list[0]));
    }

    function test_ActiveEpochStaysActiveUntilTheNextIsConfirmed() public {
        _confirm(1, guardians(5), 3);
        address[] memory next = _others();
        vm.prank(address(timelock));
        guardianRegistry.startEpoch(next, 2);
        vm.assertEq(guardianRegistry.latestEpoch(), 2);
        vm.assertEq(guardianRegistry.activeEpoch(), 1);
        _confirm(2, next, 2);
        vm.assertEq(guardianRegistry.activeEpoch(), 2);
        // Contributions sealed to the older key can still be opened.
        vm.assertTrue(guardianRegistry.isActive(1));
    }

    function test_RevertWhen_ASupersededEpochIsConfirmed() public {
        vm.prank(address(timelock));
        guardianRegistry.startEpoch(_others(), 2);
        vm.expectRevert(abi.encodeWithSelector(Guardians.GuardianRegistryNotPending.selector, 1, 2));
        vm.prank(guardians(5)[0]);
        guardianRegistry.confirmKey(1, keccak256("key"), new bytes32[](3));
    }

    function _others() private pure returns (address[] memory list) {
        list = new address[](3);
        (list[0], list[1], list[2]) = (account("next 1"), account("next 2"), account("next 3"));
    }

    function _confirm(uint32 epoch, address[] memory list, uint256 threshold) private {
        for (uint256 i = 0; i < list.length; ++i) {
            vm.prank(list[i]);
            guardianRegistry.confirmKey(epoch, keccak256("key"), new bytes32[](threshold));
        }
    }

    function _refused(address[] memory list, uint256 threshold, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(address(timelock));
        guardianRegistry.startEpoch(list, threshold);
    }
}
