// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContributionRegistry as Registry} from "../../src/interfaces/IContributionRegistry.sol";
import {DaoTest} from "../base/DaoTest.sol";
import {Wallet} from "../hostile/Wallet.sol";

contract WithdrawTest is DaoTest {
    uint64 private constant DEADLINE = uint64(START + 1 hours);

    function setUp() public override {
        super.setUp();
        (address[] memory owners, uint256[] memory points) = (new address[](3), new uint256[](3));
        (owners[0], owners[1], owners[2]) = (alice, bob, alice);
        commit(owners, points);
    }

    function test_RevertWhen_CallerIsNotTheOwner() public {
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(0, 0), leafProof(0, 0));
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryNotOwner.selector, stranger, alice));
        vm.prank(stranger);
        registry.withdraw(0, leaf, proof);
    }

    function test_RevertWhen_BatchIsUnknown() public {
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(0, 0), leafProof(0, 0));
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryUnknownBatch.selector, 1));
        vm.prank(alice);
        registry.withdraw(1, leaf, proof);
    }

    function test_RevertWhen_LeafIsNotInTheBatch() public {
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(0, 1), leafProof(0, 1));
        leaf.owner = stranger;
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongProof.selector, 0, leafHash(leaf)));
        vm.prank(stranger);
        registry.withdraw(0, leaf, proof);
    }

    function test_RevertWhen_OwnerNamesAnotherIndex() public {
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(0, 0), leafProof(0, 0));
        leaf.index = 1;
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongProof.selector, 0, leafHash(leaf)));
        vm.prank(alice);
        registry.withdraw(0, leaf, proof);
    }

    function test_RevertWhen_WithdrawnAlready() public {
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(0, 0), leafProof(0, 0));
        vm.prank(alice);
        registry.withdraw(0, leaf, proof);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryAlreadyWithdrawn.selector, 0, 0));
        vm.prank(alice);
        registry.withdraw(0, leaf, proof);
    }

    function test_RevertWhen_SignatureIsExpired() public {
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(0, 0), leafProof(0, 0));
        bytes memory signed = _sign("alice", leaf);
        vm.warp(uint256(DEADLINE) + 1);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistrySignatureExpired.selector, DEADLINE));
        registry.withdrawFor(0, leaf, proof, DEADLINE, signed);
    }

    function test_RevertWhen_SomebodyElseSigned() public {
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(0, 0), leafProof(0, 0));
        bytes memory signed = _sign("bob", leaf);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongSignature.selector, alice));
        registry.withdrawFor(0, leaf, proof, DEADLINE, signed);
    }

    function test_RevertWhen_SignedForAnotherDeadlineOrContribution() public {
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(0, 0), leafProof(0, 0));
        bytes memory signed = _sign("alice", leaf);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongSignature.selector, alice));
        registry.withdrawFor(0, leaf, proof, DEADLINE + 1, signed);
        (Registry.Leaf memory other, bytes32[] memory otherProof) = (leafAt(0, 2), leafProof(0, 2));
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongSignature.selector, alice));
        registry.withdrawFor(0, other, otherProof, DEADLINE, signed);
    }

    function test_OwnerWithdraws() public {
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(0, 2), leafProof(0, 2));
        vm.expectEmit(address(registry));
        emit Registry.ContributionWithdrawn(0, 2, alice, leaf.ciphertextDigest);
        vm.prank(alice);
        registry.withdraw(0, leaf, proof);
        vm.assertTrue(registry.isWithdrawn(0, 2));
        vm.assertFalse(registry.isWithdrawn(0, 0));
        vm.assertEq(registry.withdrawnWords(0, 0, 2)[0], 1 << 2);
    }

    function test_StrangerBringsTheOwnersSignature() public {
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(0, 0), leafProof(0, 0));
        bytes memory signed = _sign("alice", leaf);
        vm.prank(stranger);
        registry.withdrawFor(0, leaf, proof, DEADLINE, signed);
        vm.assertTrue(registry.isWithdrawn(0, 0));
    }

    function test_ContractWalletSignsByErc1271() public {
        Wallet wallet = new Wallet(alice);
        uint256 batchId = commit(address(wallet), 1);
        Registry.Leaf memory leaf = leafAt(batchId, 0);
        bytes32 structHash = _structHash(batchId, leaf);
        bytes memory signed = signature(keyOf("alice"), typedDigest(address(registry), structHash));
        registry.withdrawFor(batchId, leaf, new bytes32[](0), DEADLINE, signed);
        vm.assertTrue(registry.isWithdrawn(batchId, 0));
    }

    function test_RewardsOfAWithdrawnContributionStayEarned() public {
        commit(alice, 5);
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(1, 0), leafProof(1, 0));
        vm.prank(alice);
        registry.withdraw(1, leaf, proof);
        registry.claimFor(alice, cumulativePoints[alice], rewardProof(alice));
        vm.assertEq(token.balanceOf(alice), 5e12);
    }

    /// forge-config: default.fuzz.runs = 16
    function testFuzz_ExactlyTheWithdrawnBitIsSet(uint256 seed) public {
        uint256 count = 300;
        (address[] memory owners, uint256[] memory points) = (new address[](count), new uint256[](count));
        for (uint256 i = 0; i < count; ++i) {
            owners[i] = alice;
        }
        uint256 batchId = commit(owners, points);
        uint256 index = bound(seed, 0, count - 1);
        (Registry.Leaf memory leaf, bytes32[] memory proof) = (leafAt(batchId, index), leafProof(batchId, index));
        vm.prank(alice);
        registry.withdraw(batchId, leaf, proof);
        uint256[] memory words = registry.withdrawnWords(batchId, 0, 2);
        vm.assertEq(words[index / 256], 1 << (index % 256));
        vm.assertEq(words[1 - index / 256], 0);
    }

    function _structHash(uint256 batchId, Registry.Leaf memory leaf) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("Withdrawal(uint256 batchId,uint32 index,bytes32 leaf,uint64 deadline)"),
                batchId,
                leaf.index,
                leafHash(leaf),
                DEADLINE
            )
        );
    }

    function _sign(string memory signer, Registry.Leaf memory leaf) private view returns (bytes memory) {
        return signature(keyOf(signer), typedDigest(address(registry), _structHash(0, leaf)));
    }
}
