// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {DataGovernor} from "../../src/DataGovernor.sol";
import {IAccessMarket} from "../../src/interfaces/IAccessMarket.sol";
import {GovernanceTest} from "../base/GovernanceTest.sol";

contract QuorumFloorTest is GovernanceTest {
    function rules() internal pure override returns (DataGovernor.Rules memory changed) {
        changed = super.rules();
        changed.quorumFloor = uint208(1_000 * TOKEN);
    }

    function test_TheFirstMembersOfASmallDaoDoNotRuleItAlone() public {
        giveTokens(alice, 999);
        skip(1);
        uint256 proposalId =
            propose(alice, proposal(address(market), abi.encodeCall(IAccessMarket.setWorker, (SCHEMA, true))));
        skip(VOTING_DELAY + 1);
        vote(alice, proposalId, 1);
        skip(VOTING_PERIOD);
        vm.assertEq(uint8(governor.state(proposalId)), uint8(IGovernor.ProposalState.Defeated));
    }
}
