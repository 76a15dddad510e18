// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {DataGovernor} from "../../src/DataGovernor.sol";
import {GrantId, IAccessMarket} from "../../src/interfaces/IAccessMarket.sol";
import {IDataToken} from "../../src/interfaces/IDataToken.sol";
import {GovernanceTest} from "../base/GovernanceTest.sol";

contract VoteTest is GovernanceTest {
    function setUp() public override {
        super.setUp();
        giveTokens(alice, 960);
        giveTokens(bob, 36);
        giveTokens(carol, 4);
        skip(1);
    }

    function test_RevertWhen_ProposerIsBelowTheThreshold() public {
        Proposal memory p = _someProposal();
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, carol, 4 * TOKEN, 5 * TOKEN)
        );
        propose(carol, p);
    }

    function test_RevertWhen_NobodyHasVotesYet() public {
        createDao(0);
        skip(1);
        vm.assertEq(governor.proposalThreshold(), 1);
        Proposal memory p = _someProposal();
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, stranger, 0, 1));
        propose(stranger, p);
    }

    function test_RevertWhen_ThresholdWouldShutEveryoneOut() public {
        Proposal memory p = proposal(address(governor), abi.encodeWithSignature("setProposalThreshold(uint256)", 1_001));
        uint256 proposalId = propose(alice, p);
        skip(VOTING_DELAY + 1);
        vote(alice, proposalId, 1);
        skip(VOTING_PERIOD);
        queue(p);
        skip(TIMELOCK_DELAY);
        vm.expectRevert(abi.encodeWithSelector(DataGovernor.DataGovernorThresholdTooHigh.selector, 1_001, 1_000));
        execute(p);
    }

    function test_RevertWhen_SettingsAreChangedWithoutAVote() public {
        address[3] memory callers = [creator, alice, address(timelock)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert();
            vm.prank(callers[i]);
            governor.setQuorumFloor(0);
        }
    }

    function test_RevertWhen_ExecutedBeforeTheTimelocksDelay() public {
        Proposal memory p = _someProposal();
        uint256 proposalId = propose(alice, p);
        skip(VOTING_DELAY + 1);
        vote(alice, proposalId, 1);
        skip(VOTING_PERIOD);
        queue(p);
        skip(TIMELOCK_DELAY - 1);
        vm.expectRevert();
        execute(p);
    }

    function test_RevertWhen_Defeated() public {
        giveTokens(bob, 3_000);
        skip(1);
        Proposal memory p = _someProposal();
        uint256 proposalId = propose(alice, p);
        skip(VOTING_DELAY + 1);
        vote(alice, proposalId, 1);
        vote(bob, proposalId, 0);
        skip(VOTING_PERIOD);
        vm.assertEq(uint8(governor.state(proposalId)), uint8(IGovernor.ProposalState.Defeated));
        vm.expectRevert();
        queue(p);
    }

    function test_QuorumIsFourPercent() public {
        uint256 proposalId = propose(alice, _someProposal());
        skip(VOTING_DELAY + 1);
        vote(bob, proposalId, 1);
        vm.assertEq(governor.quorum(governor.proposalSnapshot(proposalId)), 40 * TOKEN);
        skip(VOTING_PERIOD);
        vm.assertEq(uint8(governor.state(proposalId)), uint8(IGovernor.ProposalState.Defeated));
    }

    function test_AbstentionsCountForTheQuorum() public {
        uint256 proposalId = propose(alice, _someProposal());
        skip(VOTING_DELAY + 1);
        vote(bob, proposalId, 1);
        vote(carol, proposalId, 2);
        skip(VOTING_PERIOD);
        vm.assertEq(uint8(governor.state(proposalId)), uint8(IGovernor.ProposalState.Succeeded));
    }

    function test_TokensMovedAfterTheSnapshotDoNotVoteTwice() public {
        uint256 proposalId = propose(alice, _someProposal());
        skip(VOTING_DELAY + 1);
        vote(alice, proposalId, 1);
        vm.prank(alice);
        token.transfer(stranger, 960 * TOKEN);
        skip(1);
        vote(stranger, proposalId, 1);
        (, uint256 forVotes,) = governor.proposalVotes(proposalId);
        vm.assertEq(forVotes, 960 * TOKEN);
    }

    function test_StrangerBringsASignedBallot() public {
        uint256 proposalId = propose(alice, _someProposal());
        skip(VOTING_DELAY + 1);
        bytes memory ballot = ballotSignature("bob", proposalId, 1, 0);
        vm.prank(stranger);
        governor.castVoteBySig(proposalId, 1, bob, ballot);
        (, uint256 forVotes,) = governor.proposalVotes(proposalId);
        vm.assertEq(forVotes, 36 * TOKEN);
    }

    function test_RevertWhen_ASignedBallotIsAlteredOrReplayed() public {
        uint256 proposalId = propose(alice, _someProposal());
        skip(VOTING_DELAY + 1);
        bytes memory ballot = ballotSignature("bob", proposalId, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, bob));
        governor.castVoteBySig(proposalId, 0, bob, ballot);
        governor.castVoteBySig(proposalId, 1, bob, ballot);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, bob));
        governor.castVoteBySig(proposalId, 1, bob, ballot);
    }

    function test_QuorumReachedLateProlongsTheVote() public {
        uint256 proposalId = propose(alice, _someProposal());
        uint256 deadline = governor.proposalDeadline(proposalId);
        vm.warp(deadline - 1 hours);
        vote(bob, proposalId, 1);
        vm.assertEq(governor.proposalDeadline(proposalId), deadline);
        vote(alice, proposalId, 1);
        vm.assertEq(governor.proposalDeadline(proposalId), deadline + 23 hours);
    }

    function test_QuorumReachedEarlyProlongsNothing_NotEvenByALateVote() public {
        uint256 proposalId = propose(alice, _someProposal());
        uint256 deadline = governor.proposalDeadline(proposalId);
        skip(VOTING_DELAY + 1);
        vote(alice, proposalId, 1);
        vm.warp(deadline - 1);
        vote(bob, proposalId, 0);
        vm.assertEq(governor.proposalDeadline(proposalId), deadline);
    }

    function test_QuorumReachedBetweenHalfAndExtensionProlongsNothing() public {
        uint256 proposalId = propose(alice, _someProposal());
        uint256 deadline = governor.proposalDeadline(proposalId);
        vm.warp(deadline - 1 days - 1);
        vote(alice, proposalId, 1);
        vm.assertEq(governor.proposalDeadline(proposalId), deadline);
        vm.warp(deadline);
        vote(bob, proposalId, 0);
        vm.assertEq(governor.proposalDeadline(proposalId), deadline);
    }

    function test_AVoteChangesTheFloorOfTheQuorum_NotOfVotesBefore() public {
        uint256 before = vm.getBlockTimestamp();
        pass(alice, proposal(address(governor), abi.encodeCall(DataGovernor.setQuorumFloor, (uint208(500 * TOKEN)))));
        skip(1);
        vm.assertEq(governor.quorumFloor(), 500 * TOKEN);
        vm.assertEq(governor.quorum(vm.getBlockTimestamp() - 1), 500 * TOKEN);
        vm.assertEq(governor.quorum(before), 40 * TOKEN);
    }

    function test_AVoteTurnsARequestIntoAGrant() public {
        GrantId requestId = ask(saleTerms(100e6));
        pass(alice, approval(requestId, saleTerms(100e6)));
        vm.assertTrue(market.isOpen(requestId, saleTerms(100e6)));
    }

    function test_AnExecutedVoteOnARefundedRequestFails() public {
        GrantId requestId = ask(saleTerms(100e6));
        Proposal memory p = approval(requestId, saleTerms(100e6));
        uint256 proposalId = propose(alice, p);
        skip(VOTING_DELAY + 1);
        vote(alice, proposalId, 1);
        skip(VOTING_PERIOD);
        queue(p);
        skip(TIMELOCK_DELAY);
        vm.prank(buyer);
        market.refund(requestId);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessMarket.AccessMarketWrongState.selector, requestId, IAccessMarket.State.Refunded
            )
        );
        execute(p);
    }

    function test_ClockIsTheTokens() public view {
        vm.assertEq(governor.clock(), token.clock());
        vm.assertEq(governor.CLOCK_MODE(), token.CLOCK_MODE());
        vm.assertEq(governor.proposalThresholdBps(), 50);
    }

    function test_AVoteCannotMintPastTheRegistry() public {
        Proposal memory p = proposal(address(token), abi.encodeCall(IDataToken.mint, (alice, 1)));
        uint256 proposalId = propose(alice, p);
        skip(VOTING_DELAY + 1);
        vote(alice, proposalId, 1);
        skip(VOTING_PERIOD);
        queue(p);
        skip(TIMELOCK_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IDataToken.DataTokenNotMinter.selector, address(timelock)));
        execute(p);
    }

    function _someProposal() private view returns (Proposal memory) {
        return proposal(address(market), abi.encodeCall(IAccessMarket.setWorker, (keccak256("worker"), true)));
    }
}
