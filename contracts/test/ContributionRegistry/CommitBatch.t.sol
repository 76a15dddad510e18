// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContributionRegistry as Registry} from "../../src/interfaces/IContributionRegistry.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract CommitBatchTest is DaoTest {
    function test_RevertWhen_BatchIdIsNotTheNext() public {
        Registry.Batch memory batch = _batch();
        batch.batchId = 1;
        _expect(abi.encodeWithSelector(Registry.ContributionRegistryWrongBatchId.selector, 1, 0), batch);
    }

    function test_RevertWhen_PreviousIsNotTheHead() public {
        Registry.Batch memory batch = _batch();
        batch.previous = keccak256("other history");
        _expect(
            abi.encodeWithSelector(Registry.ContributionRegistryWrongPrevious.selector, batch.previous, bytes32(0)),
            batch
        );
    }

    function test_RevertWhen_BatchIsEmpty() public {
        Registry.Batch memory batch = _batch();
        batch.count = 0;
        _expect(abi.encodeWithSelector(Registry.ContributionRegistryEmptyBatch.selector, batch.root, 0), batch);
        (batch.count, batch.root) = (1, 0);
        _expect(abi.encodeWithSelector(Registry.ContributionRegistryEmptyBatch.selector, 0, 1), batch);
    }

    function test_RevertWhen_RewardRootIsEmpty() public {
        Registry.Batch memory batch = _batch();
        batch.rewardRoot = 0;
        _expect(abi.encodeWithSelector(Registry.ContributionRegistryEmptyRewardRoot.selector), batch);
    }

    function test_RevertWhen_PointsDoNotFitTheirField() public {
        Registry.Batch memory batch = _batch();
        batch.points = uint256(type(uint48).max) + 1;
        batch.rewardPoints = batch.points;
        _expect(
            abi.encodeWithSelector(
                Registry.ContributionRegistryPointsTooLarge.selector, batch.points, type(uint48).max
            ),
            batch
        );
    }

    function test_RevertWhen_RewardPointsAreNotTheSumOfAllBatches() public {
        commit(alice, 5);
        Registry.Batch memory batch = _batch();
        batch.rewardPoints += 1;
        _expect(
            abi.encodeWithSelector(
                Registry.ContributionRegistryWrongRewardPoints.selector, batch.rewardPoints, batch.rewardPoints - 1
            ),
            batch
        );
    }

    function test_RevertWhen_OneSignatureIsTooFew() public {
        Registry.Batch memory batch = _batch();
        bytes[] memory signatures = signBatch(batch, 1);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryTooFewSignatures.selector, 1, 2));
        registry.commitBatch(batch, signatures);
    }

    function test_RevertWhen_OneValidatorSignsTwice() public {
        Registry.Batch memory batch = _batch();
        bytes[] memory signatures = signBatch(batch, 2);
        signatures[1] = signatures[0];
        address first = validators()[0];
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistrySignersNotAscending.selector, first, first));
        registry.commitBatch(batch, signatures);
    }

    function test_RevertWhen_SignersDescend() public {
        Registry.Batch memory batch = _batch();
        bytes[] memory signatures = signBatch(batch, 2);
        (signatures[0], signatures[1]) = (signatures[1], signatures[0]);
        address[] memory list = validators();
        vm.expectRevert(
            abi.encodeWithSelector(Registry.ContributionRegistrySignersNotAscending.selector, list[0], list[1])
        );
        registry.commitBatch(batch, signatures);
    }

    function test_RevertWhen_SignerIsNoValidator() public {
        Registry.Batch memory batch = _batch();
        bytes32 digest = typedDigest(address(registry), batchStructHash(batch));
        bytes[] memory signatures = new bytes[](2);
        (signatures[0], signatures[1]) = (signature(keyOf("alice"), digest), signature(keyOf("bob"), digest));
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryNotValidator.selector, alice));
        registry.commitBatch(batch, signatures);
    }

    function test_RevertWhen_AnySignedFieldIsAltered() public {
        Registry.Batch memory batch = _batch();
        bytes[] memory signatures = signBatch(batch, 2);
        batch.count += 1;
        vm.expectRevert();
        registry.commitBatch(batch, signatures);
        batch.count -= 1;
        batch.root = keccak256("altered");
        vm.expectRevert();
        registry.commitBatch(batch, signatures);
    }

    function test_RevertWhen_SignedForAnotherChain() public {
        Registry.Batch memory batch = _batch();
        vm.chainId(10);
        bytes[] memory signatures = signBatch(batch, 2);
        vm.chainId(31_337);
        vm.expectRevert();
        registry.commitBatch(batch, signatures);
    }

    function test_RevertWhen_CommittedTwice() public {
        Registry.Batch memory batch = _batch();
        bytes[] memory signatures = signBatch(batch, 2);
        registry.commitBatch(batch, signatures);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongBatchId.selector, 0, 1));
        registry.commitBatch(batch, signatures);
    }

    function test_AnyoneCommitsWhatTwoOfThreeValidatorsSigned() public {
        Registry.Batch memory batch = _batch();
        bytes[] memory signatures = signBatch(batch, 2);
        vm.expectEmit(address(registry));
        emit Registry.BatchCommitted(
            0, batch.root, batchStructHash(batch), batch.count, batch.points, batch.rewardRoot, batch.rewardPoints
        );
        vm.prank(stranger);
        registry.commitBatch(batch, signatures);
        vm.assertEq(registry.batchCount(), 1);
        vm.assertEq(registry.head(), batchStructHash(batch));
        vm.assertEq(registry.rewardRoot(), batch.rewardRoot);
        vm.assertEq(registry.rewardPoints(), batch.points);
        Registry.CommittedBatch memory committed = registry.batchAt(0);
        vm.assertEq(committed.root, batch.root);
        vm.assertEq(committed.count, batch.count);
        vm.assertEq(committed.points, batch.points);
        vm.assertEq(committed.committedAt, START);
    }

    function test_MoreSignaturesThanNeededAreChecked() public {
        Registry.Batch memory batch = _batch();
        registry.commitBatch(batch, signBatch(batch, 3));
        vm.assertEq(registry.batchCount(), 1);
    }

    function test_EachBatchBindsTheOneBefore() public {
        for (uint256 i = 0; i < 4; ++i) {
            Registry.Batch memory batch = _batch();
            vm.assertEq(batch.previous, registry.head());
            registry.commitBatch(batch, signBatch(batch, 2));
        }
        vm.assertEq(registry.batchCount(), 4);
    }

    function test_RevertWhen_UnknownBatchIsRead() public {
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryUnknownBatch.selector, 0));
        registry.batchAt(0);
    }

    function _batch() private returns (Registry.Batch memory) {
        (address[] memory owners, uint256[] memory points) = (new address[](2), new uint256[](2));
        (owners[0], owners[1], points[0], points[1]) = (alice, bob, 3, 4);
        return nextBatch(owners, points);
    }

    function _expect(bytes memory reason, Registry.Batch memory batch) private {
        bytes[] memory signatures = signBatch(batch, 2);
        vm.expectRevert(reason);
        registry.commitBatch(batch, signatures);
    }
}
