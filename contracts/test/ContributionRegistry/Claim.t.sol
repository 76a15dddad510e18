// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContributionRegistry as Registry} from "../../src/interfaces/IContributionRegistry.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract ClaimTest is DaoTest {
    function test_RevertWhen_PointsAreNotThoseOfTheTree() public {
        commit(alice, 5);
        bytes32[] memory proof = rewardProof(alice);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongRewardProof.selector, alice, 6));
        registry.claimFor(alice, 6, proof);
    }

    function test_RevertWhen_AnotherAccountUsesTheProof() public {
        commit(alice, 5);
        commit(bob, 7);
        bytes32[] memory proof = rewardProof(alice);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongRewardProof.selector, stranger, 5));
        vm.prank(stranger);
        registry.claim(5, proof);
    }

    function test_RevertWhen_NothingIsLeft() public {
        giveTokens(alice, 1);
        bytes32[] memory proof = rewardProof(alice);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryNothingToClaim.selector, alice, POINTS));
        registry.claimFor(alice, POINTS, proof);
    }

    function test_RevertWhen_BeforeTheFirstBatch() public {
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongRewardProof.selector, alice, 1));
        registry.claimFor(alice, 1, new bytes32[](0));
    }

    function test_RevertWhen_DailyLimitIsReached() public {
        _limit(10);
        commit(alice, 25);
        bytes32[] memory proof = rewardProof(alice);
        registry.claimFor(alice, 25, proof);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryDailyLimitReached.selector, 10));
        registry.claimFor(alice, 25, proof);
    }

    function test_RevertWhen_RootPromisesMoreThanAllBatchesEarned() public {
        (address[] memory owners, uint256[] memory points) = (new address[](1), new uint256[](1));
        (owners[0], points[0]) = (alice, 5);
        Registry.Batch memory batch = nextBatch(owners, points);
        batch.rewardRoot = rewardLeafHash(alice, 6);
        registry.commitBatch(batch, signBatch(batch, 2));
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryRewardsExceeded.selector, 6, 5));
        registry.claimFor(alice, 6, new bytes32[](0));
    }

    function test_MintsTheDifferenceOnly() public {
        commit(alice, 5);
        vm.prank(alice);
        vm.assertEq(registry.claim(5, new bytes32[](0)), 5);
        commit(alice, 2);
        commit(bob, 9);
        bytes32[] memory proof = rewardProof(alice);
        vm.expectEmit(address(registry));
        emit Registry.RewardClaimed(alice, 2, 7);
        vm.prank(alice);
        registry.claim(7, proof);
        vm.assertEq(token.balanceOf(alice), 7e12);
        vm.assertEq(registry.claimedPoints(alice), 7);
        vm.assertEq(registry.mintedPoints(), 7);
    }

    function test_StrangerClaimsForTheMemberWhoGetsTheTokens() public {
        commit(alice, 5);
        vm.prank(stranger);
        registry.claimFor(alice, 5, new bytes32[](0));
        vm.assertEq(token.balanceOf(alice), 5e12);
        vm.assertEq(token.balanceOf(stranger), 0);
    }

    function test_DailyLimitPaysInPartsAndNothingIsLost() public {
        _limit(10);
        commit(alice, 25);
        bytes32[] memory proof = rewardProof(alice);
        uint256[3] memory parts = [uint256(10), 10, 5];
        for (uint256 i = 0; i < parts.length; ++i) {
            vm.assertEq(registry.claimFor(alice, 25, proof), parts[i]);
            skip(1 days);
        }
        vm.assertEq(registry.claimedPoints(alice), 25);
        vm.assertEq(registry.mintableToday(), 10);
    }

    function test_DailyLimitStartsAnewAtMidnight() public {
        vm.warp(START / 1 days * 1 days + 1 days - 1);
        _limit(10);
        commit(alice, 25);
        registry.claimFor(alice, 25, new bytes32[](0));
        vm.assertEq(registry.mintableToday(), 0);
        skip(1);
        vm.assertEq(registry.mintableToday(), 10);
    }

    function test_ClaimManySkipsWhoHasNothingLeft() public {
        commit(alice, 5);
        commit(bob, 7);
        registry.claimFor(alice, 5, rewardProof(alice));
        vm.assertEq(registry.claimMany(_claims()), 7);
        vm.assertEq(token.balanceOf(bob), 7e12);
        vm.assertEq(registry.claimMany(_claims()), 0);
    }

    function test_RevertWhen_OneOfManyProofsIsWrong() public {
        commit(alice, 5);
        commit(bob, 7);
        Registry.Claim[] memory claims = _claims();
        claims[1].cumulativePoints = 8;
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongRewardProof.selector, bob, 8));
        registry.claimMany(claims);
        vm.assertEq(token.balanceOf(alice), 0);
    }

    function testFuzz_ClaimsInAnyRhythmGiveTheSame(uint256[6] memory earned, uint8 rhythm) public {
        uint256 total = 0;
        for (uint256 i = 0; i < earned.length; ++i) {
            earned[i] = bound(earned[i], 1, 1_000 * POINTS);
            total += earned[i];
            commit(i % 2 == 0 ? alice : bob, earned[i]);
            if (rhythm & (1 << i) != 0) {
                registry.claimFor(alice, cumulativePoints[alice], rewardProof(alice));
                commit(alice, 1);
                total += 1;
            }
        }
        registry.claimFor(alice, cumulativePoints[alice], rewardProof(alice));
        if (cumulativePoints[bob] > 0) {
            registry.claimFor(bob, cumulativePoints[bob], rewardProof(bob));
        }
        vm.assertEq(token.totalSupply(), total * 1e12);
        vm.assertEq(token.balanceOf(alice), cumulativePoints[alice] * 1e12);
    }

    function _claims() private view returns (Registry.Claim[] memory claims) {
        claims = new Registry.Claim[](2);
        claims[0] = Registry.Claim(alice, cumulativePoints[alice], rewardProof(alice));
        claims[1] = Registry.Claim(bob, cumulativePoints[bob], rewardProof(bob));
    }

    function _limit(uint256 points) private {
        vm.prank(address(timelock));
        registry.setDailyLimit(points);
    }
}
