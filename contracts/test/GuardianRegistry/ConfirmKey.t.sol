// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardianRegistry as Guardians} from "../../src/interfaces/IGuardianRegistry.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract ConfirmKeyTest is DaoTest {
    bytes32 private constant RECIPIENT = keccak256("dataset recipient");

    function test_RevertWhen_CallerIsNoGuardian() public {
        bytes32[] memory key = _key("a");
        address[3] memory callers = [stranger, address(timelock), validators()[0]];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Guardians.GuardianRegistryNotGuardian.selector, 1, callers[i]));
            vm.prank(callers[i]);
            guardianRegistry.confirmKey(1, RECIPIENT, key);
        }
    }

    function test_RevertWhen_CommitmentsAreNotAsManyAsTheThreshold() public {
        vm.expectRevert(abi.encodeWithSelector(Guardians.GuardianRegistryInvalidKey.selector, 2, 3));
        vm.prank(guardians(5)[0]);
        guardianRegistry.confirmKey(1, RECIPIENT, new bytes32[](2));
    }

    function test_RevertWhen_RecipientIsZero() public {
        bytes32[] memory key = _key("a");
        vm.expectRevert(abi.encodeWithSelector(Guardians.GuardianRegistryInvalidKey.selector, 3, 3));
        vm.prank(guardians(5)[0]);
        guardianRegistry.confirmKey(1, 0, key);
    }

    function test_RevertWhen_EpochIsNotPending() public {
        bytes32[] memory key = _key("a");
        address first = guardians(5)[0];
        vm.expectRevert(abi.encodeWithSelector(Guardians.GuardianRegistryNotPending.selector, 2, 1));
        vm.prank(first);
        guardianRegistry.confirmKey(2, RECIPIENT, key);
        _confirmAll(1, "a");
        vm.expectRevert(abi.encodeWithSelector(Guardians.GuardianRegistryNotPending.selector, 1, 1));
        vm.prank(first);
        guardianRegistry.confirmKey(1, RECIPIENT, key);
    }

    function test_RevertWhen_UnknownEpochIsRead() public {
        vm.expectRevert(abi.encodeWithSelector(Guardians.GuardianRegistryUnknownEpoch.selector, 0));
        guardianRegistry.epochAt(0);
        vm.expectRevert(abi.encodeWithSelector(Guardians.GuardianRegistryUnknownEpoch.selector, 2));
        guardianRegistry.epochAt(2);
    }

    function test_KeyCountsOnceAllGuardiansSentTheSame() public {
        address[] memory list = guardians(5);
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertEq(guardianRegistry.activeEpoch(), 0);
            vm.assertFalse(guardianRegistry.isActive(1));
            _confirm(1, list[i], "a");
        }
        vm.assertEq(guardianRegistry.activeEpoch(), 1);
        vm.assertTrue(guardianRegistry.isActive(1));
        Guardians.Epoch memory epoch = guardianRegistry.epochAt(1);
        vm.assertEq(epoch.recipient, RECIPIENT);
        vm.assertEq(epoch.threshold, 3);
        vm.assertEq(epoch.activeSince, START);
        vm.assertEq(keccak256(abi.encode(epoch.commitments)), keccak256(abi.encode(_key("a"))));
        vm.assertEq(keccak256(abi.encode(epoch.guardians)), keccak256(abi.encode(list)));
        vm.assertEq(guardianRegistry.indexOf(1, list[4]), 5);
        vm.assertEq(guardianRegistry.indexOf(1, stranger), 0);
    }

    function test_MismatchIsNamedAndTheEpochStaysPending() public {
        address[] memory list = guardians(5);
        _confirm(1, list[0], "a");
        bytes32[] memory key = _key("b");
        vm.expectEmit(address(guardianRegistry));
        emit Guardians.KeyConfirmed(1, list[1], RECIPIENT, _digest("b"));
        vm.expectEmit(address(guardianRegistry));
        emit Guardians.KeyMismatched(1, list[1], _digest("b"), _digest("a"));
        vm.prank(list[1]);
        guardianRegistry.confirmKey(1, RECIPIENT, key);
        for (uint256 i = 2; i < 5; ++i) {
            _confirm(1, list[i], "a");
        }
        vm.assertFalse(guardianRegistry.isActive(1));
        vm.assertEq(guardianRegistry.confirmationOf(1, list[1]), _digest("b"));
    }

    function test_GuardianCorrectsItselfWhilePending() public {
        _confirm(1, guardians(5)[1], "b");
        _confirmAll(1, "a");
        vm.assertTrue(guardianRegistry.isActive(1));
    }

    function _confirmAll(uint32 epoch, string memory seed) private {
        address[] memory list = guardians(5);
        for (uint256 i = 0; i < 5; ++i) {
            _confirm(epoch, list[i], seed);
        }
    }

    function _confirm(uint32 epoch, address guardian, string memory seed) private {
        bytes32[] memory key = _key(seed);
        vm.prank(guardian);
        guardianRegistry.confirmKey(epoch, RECIPIENT, key);
    }

    function _digest(string memory seed) private pure returns (bytes32) {
        return keccak256(abi.encode(RECIPIENT, _key(seed)));
    }

    function _key(string memory seed) private pure returns (bytes32[] memory commitments) {
        commitments = new bytes32[](3);
        for (uint256 i = 0; i < 3; ++i) {
            commitments[i] = keccak256(abi.encode(seed, i));
        }
    }
}
