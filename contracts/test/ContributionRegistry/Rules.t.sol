// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContributionRegistry as Registry} from "../../src/interfaces/IContributionRegistry.sol";
import {TimelockOwned} from "../../src/TimelockOwned.sol";
import {GovernanceTest} from "../base/GovernanceTest.sol";

/// @dev setValidators, setDailyLimit, setPolicyDigest and what the constructor refuses.
contract RulesTest is GovernanceTest {
    function test_RevertWhen_CallerIsNotTheTimelock() public {
        address[4] memory callers = [stranger, creator, address(governor), validators()[0]];
        for (uint256 i = 0; i < callers.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(TimelockOwned.TimelockOwnedNotTimelock.selector, callers[i]);
            vm.expectRevert(reason);
            vm.prank(callers[i]);
            registry.setValidators(new address[](1), 1);
            vm.expectRevert(reason);
            vm.prank(callers[i]);
            registry.setDailyLimit(1);
            vm.expectRevert(reason);
            vm.prank(callers[i]);
            registry.setPolicyDigest(keccak256("mine"));
        }
    }

    function test_RevertWhen_ThresholdDoesNotFit() public {
        address[] memory list = validators();
        uint256[2] memory thresholds = [uint256(0), 4];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(Registry.ContributionRegistryInvalidThreshold.selector, thresholds[i], 3)
            );
            vm.prank(address(timelock));
            registry.setValidators(list, thresholds[i]);
        }
    }

    function test_RevertWhen_TooManyValidators() public {
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryInvalidThreshold.selector, 1, 65));
        vm.prank(address(timelock));
        registry.setValidators(new address[](65), 1);
    }

    function test_RevertWhen_ValidatorIsZeroOrTwice() public {
        address[] memory list = validators();
        list[1] = address(0);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryInvalidValidator.selector, address(0)));
        vm.prank(address(timelock));
        registry.setValidators(list, 2);
        list[1] = list[0];
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryInvalidValidator.selector, list[0]));
        vm.prank(address(timelock));
        registry.setValidators(list, 2);
    }

    function test_RevertWhen_DailyLimitOverflowsItsField() public {
        vm.expectRevert(abi.encodeWithSignature("SafeCastOverflowedUintDowncast(uint8,uint256)", 48, uint256(1) << 48));
        vm.prank(address(timelock));
        registry.setDailyLimit(1 << 48);
    }

    function test_RevertWhen_TokenOrTimelockIsZeroAtCreation() public {
        // Read first: the constant is a call of the SHA-256 precompile.
        bytes32 policy = POLICY;
        vm.expectRevert(Registry.ContributionRegistryZeroAddress.selector);
        this.create(address(timelock), address(0), policy);
        vm.expectRevert(TimelockOwned.TimelockOwnedZeroTimelock.selector);
        this.create(address(0), address(token), policy);
    }

    function test_RevertWhen_PolicyIsZero() public {
        vm.expectRevert(Registry.ContributionRegistryZeroPolicy.selector);
        this.create(address(timelock), address(token), bytes32(0));
        vm.expectRevert(Registry.ContributionRegistryZeroPolicy.selector);
        vm.prank(address(timelock));
        registry.setPolicyDigest(bytes32(0));
    }

    function test_PolicyIsTheOneOfTheCreation() public {
        vm.assertEq(registry.policyDigest(), POLICY);
        vm.expectEmit();
        emit Registry.PolicyChanged(POLICY);
        this.create(address(timelock), address(token), POLICY);
    }

    function testFuzz_TimelockReplacesThePolicy(bytes32 digest) public {
        vm.assume(digest != bytes32(0));
        vm.expectEmit(address(registry));
        emit Registry.PolicyChanged(digest);
        vm.prank(address(timelock));
        registry.setPolicyDigest(digest);
        vm.assertEq(registry.policyDigest(), digest);
    }

    function test_AVoteReplacesThePolicyAndNothingElse() public {
        giveTokens(alice, 100);
        skip(1);
        (bytes32 head, bytes32 rewardRoot, uint256 minted) =
            (registry.head(), registry.rewardRoot(), registry.mintedPoints());
        pass(alice, proposal(address(registry), abi.encodeCall(Registry.setPolicyDigest, (keccak256("new")))));
        vm.assertEq(registry.policyDigest(), keccak256("new"));
        vm.assertEq(registry.head(), head);
        vm.assertEq(registry.rewardRoot(), rewardRoot);
        vm.assertEq(registry.mintedPoints(), minted);
        vm.assertEq(registry.dailyLimit(), DAILY_LIMIT);
        vm.assertEq(registry.threshold(), 2);
    }

    function test_TimelockReplacesTheValidators() public {
        address[] memory before = validators();
        address[] memory list = new address[](2);
        (list[0], list[1]) = (before[2], account("new validator"));
        vm.expectEmit(address(registry));
        emit Registry.ValidatorsChanged(list, 1);
        vm.prank(address(timelock));
        registry.setValidators(list, 1);
        vm.assertFalse(registry.isValidator(before[0]));
        vm.assertTrue(registry.isValidator(before[2]));
        vm.assertTrue(registry.isValidator(list[1]));
        vm.assertEq(registry.threshold(), 1);
        vm.assertEq(registry.validators().length, 2);
    }

    function test_LimitLoweredBelowTodaysUseStopsTheDay() public {
        giveTokens(alice, 100);
        vm.prank(address(timelock));
        registry.setDailyLimit(5);
        vm.assertEq(registry.mintableToday(), 0);
        skip(1 days);
        vm.assertEq(registry.mintableToday(), 5);
    }

    function create(address timelock_, address token_, bytes32 policy) external returns (address) {
        return deploy(
            "ContributionRegistry.sol:ContributionRegistry", abi.encode(timelock_, token_, validators(), 2, 1, policy)
        );
    }
}
